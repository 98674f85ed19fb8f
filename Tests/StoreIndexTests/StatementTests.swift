import Testing
import Vocabulary

@testable import StoreIndex

/// The statements behind the rules: records, versions, failures and mounts as they are written and found again.
@Suite struct StatementTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private func write<Value: Sendable>(
        _ body: (IndexWriter, StoreID) throws(SQLiteFailure) -> Value
    ) throws -> Value {
        let store = index.store
        return try index.index.write { writer throws(SQLiteFailure) in try body(writer, store) }
    }

    private func failures(damaged: Bool = false) throws -> [FailedFile] {
        try index.index.reader().failures(of: index.store, after: 0, limit: 9, damaged: damaged)
    }

    @Test func `a record is read as it was written, whatever numbers the kernel gives out`() throws {
        let stamp = FileStamp(device: .max, inode: 1 << 63, size: .max, modified: -1, changed: .min)
        let record = FileRecord(
            path: [0xFF, 0x0A],
            stamp: stamp,
            examined: 7,
            state: .incomplete,
            change: 8,
            version: 9,
            mount: 10
        )
        try write { writer, store throws(SQLiteFailure) in try writer.put(record, store: store) }
        let found = try #require(try index.index.reader().file([0xFF, 0x0A], store: index.store))
        #expect(found.path == record.path && found.stamp == stamp && found.examined == 7)
        #expect(found.state == .incomplete && found.change == 8 && found.version == 9 && found.mount == 10)
        #expect(try index.index.reader().file([0xFF, 0x0A], store: index.store + 1) == nil)
    }

    @Test func `a file is found by device, inode and size, and under all its names by the first two`() throws {
        for (path, inode, size) in [("a", 1, 10), ("b", 1, 10), ("c", 1, 20), ("d", 2, 10)] as [(String, UInt64, Int64)]
        {
            try index.see(path, .instance(path), inode: inode, size: size)
        }
        let reader = try index.index.reader()
        func paths(_ records: [FileRecord]) -> [String] {
            records.map { String(decoding: $0.path, as: UTF8.self) }.sorted()
        }
        var stamp = FileStamp(device: 1, inode: 1, size: 10, modified: 99, changed: 99)
        #expect(paths(try reader.files(like: stamp, store: index.store)) == ["a", "b"])
        #expect(paths(try reader.files(sharing: stamp, store: index.store)) == ["a", "b", "c"])
        stamp.device = 2
        #expect(try reader.files(like: stamp, store: index.store).isEmpty)
        #expect(try reader.files(sharing: stamp, store: index.store).isEmpty)
    }

    @Test func `the other live versions of an instance come newest first`() throws {
        let changes = try (1...4).map { number in
            try index.see("\(number)", .instance("1", UInt64(number)), inode: UInt64(number)).change
        }
        try index.see("other", .instance("2"), inode: 9)
        _ = try index.remove("2")
        let found = try write { writer, store throws(SQLiteFailure) in
            try writer.liveVersions(of: "1", store: store, besides: changes[0]).map(\.change)
        }
        #expect(found == [changes[3], changes[2]])
    }

    @Test func `an entry is read as it was appended`() throws {
        let entry = LogEntry(
            change: 70,
            kind: .create,
            path: [0x80],
            size: 1 << 40,
            digest: HeaderDigest(high: .max, low: 1),
            uids: InstanceIdentity(study: "1", series: "2", instance: "3"),
            time: 5,
            ended: nil,
            isBaseline: true
        )
        try write { writer, store throws(SQLiteFailure) in
            try writer.append(entry, store: store)
            try writer.setEnd(of: 70, at: 71)
        }
        let found = try #require(try index.index.reader().entry(70))
        #expect(found.kind == .create && found.path == [0x80] && found.size == 1 << 40 && found.isBaseline)
        #expect(found.digest == entry.digest && found.uids == entry.uids && found.time == 5 && found.ended == 71)
        #expect(try index.index.reader().entry(71) == nil)
    }

    @Test func `a failure remembers when it was first seen, and how often`() throws {
        let seen = Observation(
            path: [0x61],
            stamp: FileStamp(device: 1, inode: 1, size: 1, modified: 1, changed: 1),
            examined: 1,
            outcome: .malformed
        )
        for (now, code) in [(10, 3), (20, 8)] as [(Int, Int)] {
            let problem = Problem(code: code, reason: "R\(code)", message: "m", offset: 4, tag: .max)
            try write { writer, store throws(SQLiteFailure) in
                try writer.putFailure(
                    seen,
                    problem,
                    state: .failed,
                    change: ChangeNumber(now),
                    store: store,
                    now: UnixMicroseconds(now)
                )
            }
        }
        let found = try #require(try failures().first)
        #expect(try failures().count == 1)
        #expect(found.first == 10 && found.last == 20 && found.attempts == 2 && found.change == 20)
        #expect(found.problem == Problem(code: 8, reason: "R8", message: "m", offset: 4, tag: .max))
        try write { writer, store throws(SQLiteFailure) in try writer.forgetFailure([0x61], store: store) }
        #expect(try failures().isEmpty)
    }

    @Test func `a failure goes where its file goes, and with it`() throws {
        try index.see("bad", .malformed, inode: 1)
        try index.see("moved", .malformed, inode: 1, gone: ["bad"])
        #expect(try failures().map(\.path) == [Array("moved".utf8)])
        _ = try index.remove("moved")
        #expect(try failures().isEmpty)
    }

    @Test func `failures are counted by state, and damaged rows are listed apart`() throws {
        try index.see("bad", .malformed, inode: 1)
        try index.see("text", .text, inode: 2)
        try index.see("text2", .text, inode: 3)
        try index.see("short", .short, inode: 4)
        try index.see("damaged", .damaged("1"), inode: 5)
        let reader = try index.index.reader()
        let counts = try reader.failureCounts(of: index.store, newSince: 0)
        #expect([counts.failed, counts.skipped, counts.damaged] == [1, 2, 1])
        #expect(try failures().map(\.state) == [.failed, .skipped, .skipped, .incomplete])
        #expect(try failures(damaged: true).map(\.path) == [Array("damaged".utf8)])
        #expect(try reader.incomplete(of: index.store).map(\.path) == [Array("short".utf8)])
        #expect(try reader.commonReasonOfSkipped(in: index.store) == "not a DICOM file")
    }

    @Test func `a mount is written down once, and followed when the kernel calls it otherwise`() throws {
        var mount = MountRecord(id: 0, point: [0x6D], device: .max, inode: 2, fileSystem: 1 << 63, type: 0xEF53)
        let number = try write { [mount] writer, store throws(SQLiteFailure) in try writer.put(mount, store: store) }
        let other = try write { [mount] writer, store throws(SQLiteFailure) in try writer.put(mount, store: store) }
        #expect(number > 0 && other != number)
        mount.id = number
        #expect(try index.index.reader().mounts(of: index.store).first == mount)
        mount.device = 5
        mount.sameAs = other
        // Where it is stays.
        mount.point = [0x6E]
        let again = try write { [mount] writer, store throws(SQLiteFailure) in try writer.put(mount, store: store) }
        #expect(again == number)
        let found = try index.index.reader().mounts(of: index.store)
        #expect(found.map(\.id) == [number, other] && found[0].device == 5 && found[0].sameAs == other)
        #expect(found[0].point == [0x6D] && found[1].device == .max)
        #expect(try index.index.reader().mounts(of: index.store + 1).isEmpty)
    }

    @Test(
        arguments: [(0, true), (2_000_000_000, true), (2_000_000_001, false), (.max, false)]
            as [(UnixNanoseconds, Bool)]
    )
    func `a file is racy if it may have been written to after the look`(examined: UnixNanoseconds, isRacy: Bool) {
        let stamp = FileStamp(device: 1, inode: 1, size: 1, modified: 0, changed: 0)
        let record = FileRecord(path: [], stamp: stamp, examined: examined, state: .live, change: 1, version: 1)
        #expect(record.isRacy == isRacy)
    }

    @Test func `a digest is sixteen bytes, and no other number of them`() {
        let digest = HeaderDigest(high: 0x0102_0304_0506_0708, low: 0xFFFE_FDFC_FBFA_F9F8)
        #expect(digest.bytes == [1, 2, 3, 4, 5, 6, 7, 8, 255, 254, 253, 252, 251, 250, 249, 248])
        #expect(HeaderDigest(bytes: digest.bytes) == digest)
        for count in [0, 15, 17] { #expect(HeaderDigest(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }
}
