import Testing

@testable import DICOM

/// How a look at a whole data set finds it.
@Suite struct AppearanceTests {
    @Test(arguments: [
        // Orderly, bits found, guessed; all UIDs, plain.
        (true, 7, false, true, true),
        (true, 7, true, true, false),
        (true, 15, false, true, false),
        (true, 3, false, false, true),
        (true, 0, false, false, true),
        (false, 7, false, true, false),
        (false, 8, true, false, false),
    ])
    func `a data set is plain if nothing in it looks wrong, was guessed, or depends on other elements`(
        isOrderly: Bool,
        found: Int,
        hasGuessed: Bool,
        hasAllUIDs: Bool,
        isPlain: Bool
    ) {
        let appearance = Appearance(isOrderly: isOrderly, found: found, hasGuessed: hasGuessed)
        #expect(appearance.isOrderly == isOrderly)
        #expect(appearance.foundUIDs == found & 7)
        #expect(appearance.hasAllUIDs == hasAllUIDs)
        #expect(appearance.isPlain == isPlain)
    }

    @Test func `before a look nothing is known`() {
        #expect(!Appearance().isOrderly)
        #expect(!Appearance().isPlain)
        #expect(!Appearance().hasAllUIDs)
    }
}
