import Glibc
import SQLite
import Testing
import Vocabulary

@testable import Warehouse

extension Fixture {
    /// Puts a dataset of format 1 where the stream's is, as the program of that format wrote it; `sql` changes it further.
    func writeFirstFormat(_ sql: String = "") throws {
        try ProjectDirectory(path: warehouse.directory(ofProject: "hospital"), group: nil).prepare()
        let directory = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let connection = try Connection(path: path, mode: .create(permissions: 0o640))
        try connection.execute(Self.text(directory + "/Fixtures/format1.sql"))
        try connection.execute(sql)
    }

    private static func text(_ path: String) throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    var dataset: DatasetReference { request.table.inDataset }

    /// Takes steps until nothing is left, and answers how many it took.
    @discardableResult
    func upgrade(by step: UpgradeStep = UpgradeStep(time: .seconds(60))) throws -> Int {
        var steps = 0
        while warehouse.upgrades.isPending(dataset) {
            try warehouse.upgrade(dataset, by: step)
            steps += 1
        }
        return steps
    }

    /// Texts of a table in which a TIMESTAMP has no fraction, in any of the columns that hold some.
    func lacking(_ table: String = "instances") throws -> [String] {
        try rows(
            """
            SELECT rowid FROM \(table) WHERE LastUpdated NOT LIKE '%.______Z' OR AcquisitionDateTime NOT LIKE '%.______Z'
            OR ReferencedDateTime GLOB '*:[0-9][0-9]Z*' OR ReferencedImageSequence GLOB '*DateTime":"*:[0-9][0-9]Z","R*'
            """
        )
    }
}
