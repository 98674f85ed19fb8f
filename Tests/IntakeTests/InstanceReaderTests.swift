import DICOM
import DICOMTestSupport
import Glibc
import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Looks at real files: what each is taken for.
@Suite struct InstanceReaderTests {
    let home: TemporaryDirectory

    init() throws { home = try TemporaryDirectory("reader") }

    private func reader(timeout: Duration = .zero, limits: ReadLimits = ReadLimits()) -> InstanceReader {
        InstanceReader(limits: limits, digestKey: (1, 2), incompleteTimeout: timeout)
    }

    func look(
        _ path: String,
        timeout: Duration = .zero,
        limits: ReadLimits = ReadLimits()
    ) throws -> InstanceReader.Look {
        var reader = reader(timeout: timeout, limits: limits)
        let session = try StoreRoot(at: home.path).session()
        return try reader.look(at: StorePath(path), in: session)
    }

    func write(_ bytes: [UInt8], to path: String = "a") throws { try Files.write(bytes, to: home / path) }

    /// What one look makes of these bytes.
    func outcome(
        of bytes: [UInt8],
        timeout: Duration = .zero,
        limits: ReadLimits = ReadLimits()
    ) throws -> Observation.Outcome {
        try write(bytes)
        guard case .seen(let seen, _) = try look("a", timeout: timeout, limits: limits) else {
            throw TestFailure("it was not seen")
        }
        return seen.outcome
    }

    private func isAbsent(_ path: String) throws -> Bool {
        if case .absent = try look(path) { true } else { false }
    }

    // MARK: No file

    @Test(arguments: ["no", "no/where", "a/below a file"])
    func `where nothing is, nothing is found`(path: String) throws {
        try write([1])
        #expect(try isAbsent(path))
    }

    @Test func `a directory is no file`() throws {
        try Files.makeDirectory(home / "d")
        #expect(try isAbsent("d"))
        #expect(try isAbsent(""))
    }

    @Test func `a pipe is no file, and opening it waits for nobody`() throws {
        try Files.check(mkfifo(home / "pipe", 0o644), "mkfifo")
        #expect(try isAbsent("pipe"))
    }

    @Test func `a link is no file, to whatever it leads`() throws {
        try write(IntakeFixture.instance("1"))
        try Files.makeDirectory(home / "d")
        try Files.symbolicLink(to: "a", at: home / "file")
        try Files.symbolicLink(to: "nowhere", at: home / "nothing")
        try Files.symbolicLink(to: "file", at: home / "link")
        try Files.symbolicLink(to: ".", at: home / "here")
        for path in ["file", "nothing", "link", "here", "here/a"] { #expect(try isAbsent(path), "\(path)") }
    }

    @Test func `a path that leads out of the store is not followed`() throws {
        try Files.makeDirectory(home / "store")
        try write(IntakeFixture.instance("1"))
        var reader = reader()
        let session = try StoreRoot(at: home / "store").session()
        let found = try reader.look(at: StorePath("../a"), in: session)
        if case .seen = found { Issue.record("it was seen") }
    }

    // MARK: A file that cannot be read

    @Test func `a file that the kernel refuses to open is there, and unreadable`() throws {
        guard case .unreadable(let problem) = try look(IntakeFixture.impossible) else {
            Issue.record("it was read")
            return
        }
        #expect(problem.code == 5)
        #expect(problem.reason == "UNREADABLE")
        #expect(problem.message == "the file cannot be opened: File name too long")
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `a file without the right to read it says that it is a matter of rights`() throws {
        try write(IntakeFixture.instance("1"))
        try Files.check(chmod(home / "a", 0), "chmod")
        guard case .unreadable(let problem) = try look("a") else {
            Issue.record("it was read")
            return
        }
        #expect(problem.code == 7)
        #expect(problem.message == "the file cannot be opened: Permission denied")
    }

    @Test func `a store that is away is a fault of the store and not of the file`() throws {
        try Files.makeDirectory(home / "store")
        let root = try StoreRoot(at: home / "store")
        try Files.check(rmdir(home / "store"), "rmdir")
        #expect(throws: StoreError.rootUnavailable(.absent)) { _ = try root.session() }
    }

    // MARK: Instances

    @Test(arguments: DICOMBuilder.Syntax.allCases)
    func `an instance is one in whatever syntax it is written`(syntax: DICOMBuilder.Syntax) throws {
        let file = DICOMBuilder().instance(study: "1.1", series: "1.2", sop: "1.3")
        guard case .instance(let uids, _, nil) = try outcome(of: file.file(syntax)) else {
            Issue.record("no instance")
            return
        }
        #expect(uids == InstanceIdentity(study: "1.1", series: "1.2", instance: "1.3"))
    }

    @Test func `what is seen has the path, the stamp and the time of the look`() throws {
        try write(IntakeFixture.instance("1"))
        let before = WallClock.nanoseconds
        guard case .seen(let seen, let status) = try look("a") else {
            Issue.record("it was not seen")
            return
        }
        #expect(seen.path == Array("a".utf8))
        #expect(seen.stamp == FileStamp(status))
        #expect(seen.stamp.inode == (try Files.inode(home / "a")))
        #expect(seen.stamp.size == Int64(IntakeFixture.instance("1").count))
        #expect(seen.examined >= before && seen.examined <= WallClock.nanoseconds)
        #expect(status.links == 1)
        #expect(seen.mount == 0)
    }

    @Test func `two headers have two digests, and one header has one`() throws {
        func digest(_ bytes: [UInt8]) throws -> HeaderDigest? {
            if case .instance(_, let digest, _) = try outcome(of: bytes) { digest } else { nil }
        }
        let first = try digest(IntakeFixture.instance("1", "A"))
        #expect(first != nil)
        #expect(try digest(IntakeFixture.instance("1", "A")) == first)
        #expect(try digest(IntakeFixture.instance("1", "B")) != first)
    }

    @Test func `the data set of the last instance is kept for its row`() throws {
        try write(IntakeFixture.instance("1.5.7"))
        var reader = reader()
        let session = try StoreRoot(at: home.path).session()
        _ = try reader.look(at: StorePath("a"), in: session)
        let count = reader.dataSet.count
        #expect(count >= 5)
    }

    // MARK: Files that are no instances

    @Test(
        arguments: [
            ([0x1F, 0x8B], "compressed by gzip"), (Array("PK\u{3}\u{4}".utf8), "a ZIP archive"),
            (Array("%PDF-1.7".utf8), "a PDF document"), ([0x89] + Array("PNG".utf8), "a PNG image"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image"), (Array("BZh9".utf8), "compressed by bzip2"),
        ] as [([UInt8], String)]
    )
    func `what is of another format is skipped, with its name`(start: [UInt8], name: String) throws {
        guard case .skipped(let problem) = try outcome(of: start + [UInt8](repeating: 0x41, count: 400)) else {
            Issue.record("it was not skipped")
            return
        }
        #expect(problem == Problem(code: 0, reason: "NOT_DICOM", message: "no DICOM file: \(name)"))
    }

    @Test(arguments: [0, 10, 500])
    func `text is skipped, however much there is of it`(count: Int) throws {
        guard case .skipped(let problem) = try outcome(of: [UInt8](repeating: 0x41, count: count)) else {
            Issue.record("it was not skipped")
            return
        }
        #expect(problem.reason == "NOT_DICOM")
        #expect(problem.message == "neither a DICOM file nor a bare data set")
    }

    @Test func `a directory of a medium is skipped`() throws {
        let file = DICOMBuilder().text(0x0004_1130, .CS, "DISK").file(mediaStorage: "1.2.840.10008.1.3.10")
        guard case .skipped(let problem) = try outcome(of: file) else {
            Issue.record("it was not skipped")
            return
        }
        #expect(problem.code == 0)
        #expect(problem.reason == "NOT_AN_INSTANCE")
        #expect(problem.message == "a DICOMDIR")
    }

    @Test(arguments: [
        DICOMBuilder().text(0x0008_0018, .UI, "1.3").text(0x0020_000D, .UI, "1.1"),
        DICOMBuilder().text(0x0008_0018, .UI, "1.3").text(0x0020_000E, .UI, "1.2"),
        DICOMBuilder().text(0x0020_000D, .UI, "1.1").text(0x0020_000E, .UI, "1.2"),
        DICOMBuilder().instance(study: "", series: "1.2", sop: "1.3"),
    ])
    func `a data set without one of the three UIDs is a failure`(file: DICOMBuilder) throws {
        guard case .failed(let problem) = try outcome(of: file.file()) else {
            Issue.record("it did not fail")
            return
        }
        #expect(problem.code == 3)
        #expect(problem.reason == "NO_UID")
    }

    @Test func `a header that is longer than its limit is a failure that says so`() throws {
        var file = DICOMBuilder().instance()
        for tag in 0x0040_1001...0x0040_1080 as ClosedRange<UInt32> {
            file = file.text(tag, .LO, String(repeating: "x", count: 60))
        }
        guard case .failed(let problem) = try outcome(of: file.file(), limits: ReadLimits(headerBytes: 1024)) else {
            Issue.record("it did not fail")
            return
        }
        #expect(problem.code == 8)
        #expect(problem.reason == "HEADER_TOO_LARGE")
    }
}
