import Glibc
import SQLite
import StoreIndex
import TestSupport
import Testing
import Vocabulary

/// Files of earlier versions.
@Suite struct UpgradeTests {
    @Test(arguments: StoredFormat.allCases)
    func `an index of an earlier format is brought up to date, and nothing in it is lost`(format: StoredFormat) throws {
        let home = try TemporaryDirectory("index")
        let directory = home.path
        do {
            let old = try Connection(path: directory + "/state.db", mode: .create)
            try old.execute(format.dump)
        }
        for _ in 0..<2 {
            let index = try StateDatabase(directory: directory)
            let reader = try index.reader()
            let store = try index.write { writer throws(SQLiteFailure) in
                try writer.store(named: "projects/p/locations/l/datasets/d/dicomStores/s", now: 9)
            }
            #expect(store.root == StoreRecord.Root(device: 20, inode: 2, fileSystem: 77))
            #expect(store.baselineIsDone)
            #expect(index.digestKey == (0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F))
            let files = try reader.files(of: 1, after: [], limit: 10)
            #expect(files.map { String(decoding: $0.path, as: UTF8.self) } == ["a", "c", "disk/b"])
            // Not known yet: to be judged by the device.
            #expect(files.map(\.mount) == [0, 0, 0])
            #expect(files.map(\.stamp.device) == [20, 0, 21])
            #expect(try reader.entries(of: 1, after: 0, limit: 10).map(\.change) == [1, 2, 3])
            #expect(try reader.counts(of: 1) == (3, 2))
            #expect(try reader.failures(of: 1, after: 0, limit: 10).map(\.change) == [3])
            // What could not be read is looked at again: the reader has learnt.
            #expect(files.map { $0.examined == 0 } == files.map { $0.state != .live })
            #expect(try reader.streams().map(\.cursor) == [3])
            #expect(try reader.openOperations("dicomexportd.RescanDicomStore", store: 1).map(\.id) == [8])
            #expect(try reader.absences(of: 1, after: 0, limit: 10).isEmpty)
            #expect(try reader.mounts(of: 1).isEmpty)
        }
    }
}
