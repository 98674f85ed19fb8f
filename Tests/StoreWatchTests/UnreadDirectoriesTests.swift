import Testing

@testable import StoreWatch

/// When a directory that cannot be read is tried again.
@Suite struct UnreadDirectoriesTests {
    let start = ContinuousClock.now

    @Test func `pauses double up to ten minutes`() {
        var unread = UnreadDirectories()
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<12 {
            unread.failed("a", .accessDenied, at: now)
            guard let due = unread.nextDue else { break }
            pauses.append(due - now)
            now = due
            #expect(unread.takeDue(at: now) == ["a"])
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600].map { .seconds($0) })
    }

    @Test func `one that was read, left or is below one that left is forgotten`() {
        var unread = UnreadDirectories()
        for path: StorePath in ["a", "b", "b/c", "bd"] { unread.failed(path, .accessDenied, at: start) }
        unread.wasRead("a")
        unread.remove("b")
        #expect(unread.all.map(\.path) == ["bd"])
        unread.retain([:])
        #expect(unread.count == 0)
        #expect(unread.nextDue == nil)
    }

    @Test func `no more are kept than fit`() {
        var unread = UnreadDirectories()
        for number in 0...UnreadDirectories.capacity {
            unread.failed(StorePath("\(number)"), .accessDenied, at: start)
        }
        #expect(unread.count == UnreadDirectories.capacity)
    }
}
