import Testing

@testable import StoreWatch

@Suite struct IgnorePatternsTests {
    @Test(arguments: [
        ("a.dcm", false), ("a.part", true), ("a/b.tmp", true), (".hidden", true), ("a/.b/c.dcm", true),
        ("x.part/1.dcm", true), ("a.partial", false), ("part", false), (".part", true),
    ])
    func `by default hidden and unfinished files are ignored`(path: String, isIgnored: Bool) {
        #expect(IgnorePatterns(WatchOptions().ignore).ignores(StorePath(path)) == isIgnored)
    }

    @Test(arguments: [
        ("exact", "exact", true), ("exact", "a/exact", true), ("exact", "exactly", false),
        ("pre*", "a/prefix", true), ("pre*", "a/npre", false), ("*", "anything", true),
        ("[0-9]?.bak", "17.bak", true), ("[0-9]?.bak", "a7.bak", false), ("a*z", "abcz", true),
        ("sub/*.dcm", "sub/1.dcm", true), ("sub/*.dcm", "sub/deep/1.dcm", false), ("sub/*.dcm", "x/sub/1.dcm", false),
        ("sub/old", "sub/old/1.dcm", true), ("/top", "top/1.dcm", true), ("/top", "a/top", false),
        ("dir/", "a/dir/1.dcm", true), ("\\*", "*", true), ("\\*", "a", false), ("", "a", false), ("/", "a", false),
    ])
    func `patterns match names, or paths if they have a slash`(pattern: String, path: String, isIgnored: Bool) {
        #expect(IgnorePatterns([pattern]).ignores(StorePath(path)) == isIgnored)
    }
}
