import Operations
import TestSupport
import Testing
import Vocabulary

@testable import ServiceRuntime

/// The space that is left before the service stops writing.
@Suite struct FreeSpaceTests {
    /// A file system on which nothing is ever free.
    private static let full = "/proc"

    private func fault(_ directories: [String], minimum: UInt64) -> (directory: String, free: UInt64, minimum: UInt64)?
    {
        do throws(ServiceFault) {
            try FreeSpace(directories: directories, minimum: minimum).check()
            return nil
        } catch {
            guard case .lowSpace(let directory, let free, let minimum) = error else {
                Issue.record("\(error)")
                return nil
            }
            return (directory, free, minimum)
        }
    }

    @Test func `a minimum that is there is enough`() throws {
        let home = try TemporaryDirectory()
        #expect(fault([home.path], minimum: 1) == nil)
    }

    @Test func `a minimum that is not there is said, with what is`() throws {
        let home = try TemporaryDirectory()
        let found = try #require(fault([home.path], minimum: .max))
        #expect(found.directory == home.path && found.minimum == .max && found.free > 0 && found.free < .max)
    }

    @Test func `where nothing is free, one byte is too much`() throws {
        let found = try #require(fault([Self.full], minimum: 1))
        #expect(found.directory == Self.full && found.free == 0 && found.minimum == 1)
    }

    @Test func `without a minimum nothing is looked at`() {
        #expect(fault([Self.full], minimum: 0) == nil)
    }

    @Test func `the first directory with too little is named`() throws {
        let home = try TemporaryDirectory()
        #expect(fault([home.path, Self.full, "/sys"], minimum: 1)?.directory == Self.full)
        #expect(fault(["/sys", Self.full], minimum: 1)?.directory == "/sys")
    }

    @Test func `a directory that is not there yet speaks for nothing`() throws {
        let home = try TemporaryDirectory()
        #expect(fault([home / "none"], minimum: .max) == nil)
        #expect(fault([home / "none", Self.full], minimum: 1)?.directory == Self.full)
        #expect(fault([], minimum: .max) == nil)
    }

    @Test func `of the directories on one file system only the first is told of, and none that is not there`() throws {
        let home = try TemporaryDirectory()
        try Files.makeDirectory(home / "below")
        let found = FreeSpace.bytes(of: [home / "none", home.path, home / "below", Self.full])
        #expect(found.map(\.directory) == [home.path, Self.full])
        #expect(found.last?.free == 0)
    }
}
