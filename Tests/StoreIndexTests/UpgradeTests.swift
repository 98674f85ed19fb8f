import SQLite
import StoreIndex
import Testing

/// Files of earlier versions.
@Suite struct UpgradeTests {
    @Test func `an index of the first format is brought up to date`() throws {
        let directory: String
        do {
            let index = try TestIndex()
            index.keepsFiles = true
            directory = index.directory
        }
        defer { TestIndex.removeFiles(in: directory) }
        do {
            let old = try Connection(path: directory + "/state.db", mode: .readWrite)
            try old.execute("ALTER TABLE operations DROP COLUMN response; PRAGMA user_version = 1")
        }
        for _ in 0..<2 {
            let index = try StateDatabase(directory: directory)
            let id = try index.write { writer throws(SQLiteFailure) in
                let id = try writer.addOperation("m", store: 1, request: "", caller: 0, now: 5)
                try writer.endOperation(id, success: 0, failure: 0, code: nil, message: nil, response: "said", now: 6)
                return id
            }
            #expect(try index.reader().operations().first { $0.id == id }?.response == "said")
        }
    }
}
