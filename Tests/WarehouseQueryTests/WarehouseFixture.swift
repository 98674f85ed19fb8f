import Glibc
import SQLite
import TestSupport

@testable import WarehouseQuery

/// A warehouse in a directory of its own, with datasets as the service writes them.
final class WarehouseFixture {
    private let directory: TemporaryDirectory
    let location: WarehouseLocation

    /// Two projects: `hospital` with the datasets `radiology` and `archive`, and `my-lab` with `archive`.
    init() throws {
        directory = try TemporaryDirectory("query")
        location = WarehouseLocation(root: directory.path)
        try dataset("hospital", "radiology", Self.instances)
        try dataset("hospital", "archive", Self.archived)
        try dataset("my-lab", "archive", Self.archived)
    }

    var root: String { directory.path }

    /// Makes a dataset's file, open to everybody who reads.
    @discardableResult
    func dataset(_ project: String, _ dataset: String, _ sql: String) throws -> String {
        mkdir("\(root)/\(project)", 0o755)
        let path = location.file(project, dataset)
        let connection = try Connection(path: path, mode: .create)
        try connection.useWAL()
        try connection.persistWAL()
        try connection.execute(sql)
        return path
    }

    /// Rows of a query, with `|` between columns.
    func rows(_ sql: String, parameters: [String] = []) throws -> [String] {
        let result = try QuerySession(location).result(of: sql, parameters: parameters.map { try QueryParameter($0) })
        var rows: [String] = []
        while try result.next() {
            rows.append(try result.columns.indices.map { try result.text($0) }.joined(separator: "|"))
        }
        return rows
    }

    /// The one value of a query without tables.
    func value(_ expression: String) throws -> String { try rows("SELECT " + expression).joined(separator: "\n") }

    /// The error of a query that must not run.
    func failure(_ sql: String, parameters: [String] = []) -> QueryError? {
        do {
            _ = try rows(sql, parameters: parameters)
            return nil
        } catch {
            return error as? QueryError
        }
    }

    /// A query's rows as JSON.
    func json(_ sql: String, style: JSONBytes.Style = .query) throws -> String {
        let result = try QuerySession(location).result(of: sql)
        var json = JSONBytes()
        while try result.next() {
            try result.append(to: &json, style: style)
            json.append("\n")
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    struct Failure: Error { let errno: CInt }

    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { remove("\(path)/\(name)") }
            }
            closedir(directory)
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    private static let own = """
        CREATE TABLE _dicomexportd_tables (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, schema TEXT NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;

        """

    private static let schema = """
        [{"name": "PatientID", "type": "STRING", "mode": "NULLABLE"},
         {"name": "StudyInstanceUID", "type": "STRING", "mode": "NULLABLE"},
         {"name": "SeriesInstanceUID", "type": "STRING", "mode": "NULLABLE"},
         {"name": "SOPInstanceUID", "type": "STRING", "mode": "NULLABLE"},
         {"name": "StudyDate", "type": "DATE", "mode": "NULLABLE"},
         {"name": "StudyTime", "type": "TIME", "mode": "NULLABLE"},
         {"name": "Modality", "type": "STRING", "mode": "NULLABLE"},
         {"name": "SliceThickness", "type": "STRING", "mode": "NULLABLE"},
         {"name": "Rows", "type": "INTEGER", "mode": "NULLABLE"},
         {"name": "Dose", "type": "FLOAT", "mode": "NULLABLE"},
         {"name": "ImageType", "type": "STRING", "mode": "REPEATED"},
         {"name": "Matrix", "type": "INTEGER", "mode": "REPEATED"},
         {"name": "PatientName", "type": "RECORD", "mode": "NULLABLE", "fields": [
           {"name": "Alphabetic", "type": "RECORD", "mode": "NULLABLE", "fields": [
             {"name": "FamilyName", "type": "STRING", "mode": "NULLABLE"},
             {"name": "GivenName", "type": "STRING", "mode": "NULLABLE"}]}]},
         {"name": "OtherElements", "type": "RECORD", "mode": "REPEATED", "fields": [
           {"name": "Tag", "type": "STRING", "mode": "NULLABLE"},
           {"name": "Data", "type": "STRING", "mode": "REPEATED"}]},
         {"name": "LastUpdated", "type": "TIMESTAMP", "mode": "NULLABLE"}]
        """

    /// The last row but one has a TIMESTAMP as versions before the six digits wrote it.
    private static let instances =
        own + """
            CREATE TABLE instances (
                SOPInstanceUID TEXT, SeriesInstanceUID TEXT, StudyInstanceUID TEXT, PatientID TEXT, StudyDate TEXT,
                StudyTime TEXT, Modality TEXT, SliceThickness TEXT, "Rows" INTEGER, Dose REAL, ImageType TEXT, Matrix TEXT,
                PatientName TEXT, OtherElements TEXT, LastUpdated TEXT
            ) STRICT;
            INSERT INTO _dicomexportd_tables VALUES (1, 'instances', 'flattened', '\(schema)', 1700000000000000);
            INSERT INTO instances VALUES
                ('1.3.1', '1.2.1', '1.1', '19045', '2021-07-11', '00:38:22', 'CT', '1.5', 512, 0.5,
                 '["ORIGINAL","PRIMARY"]', '[1,2]', '{"Alphabetic":{"FamilyName":"Müller","GivenName":"Eva"}}',
                 '[{"Tag":"Tag_00431039","Data":["1400","8"]},{"Tag":"Tag_00091001","Data":["x"]}]',
                 '2024-01-02 10:00:00.500000Z'),
                ('1.3.2', '1.2.1', '1.1', '19045', '2021-07-11', '00:38:22', 'CT', '10', 512, NULL,
                 '["DERIVED"]', NULL, '{"Alphabetic":{"FamilyName":"Müller"}}', NULL, '2024-01-02 10:00:00.000000Z'),
                ('1.3.3', '1.2.2', '1.2', 'B', '2020-01-31', NULL, 'MR', NULL, 256, 2.0, NULL, NULL, NULL, NULL,
                 '2024-01-01 00:00:00Z'),
                ('1.3.4', '1.2.3', '1.3', NULL, NULL, NULL, NULL, 'thin', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            CREATE VIEW ct AS SELECT * FROM instances WHERE Modality = 'CT';
            CREATE VIEW own AS SELECT DISTINCT "Rows" * 2 AS doubled, "Rows" > 300 AS tall FROM (SELECT * FROM instances);
            CREATE TABLE "odd name-x" (a TEXT, b ANY) STRICT;
            """

    private static let archived =
        own + """
            CREATE TABLE old (SOPInstanceUID TEXT, Metadata TEXT) STRICT;
            INSERT INTO _dicomexportd_tables VALUES (1, 'old', 'json', '[
              {"name": "SOPInstanceUID", "type": "STRING", "mode": "NULLABLE"},
              {"name": "Metadata", "type": "JSON", "mode": "NULLABLE"}]', 1);
            INSERT INTO old VALUES
                ('1.3.1', '{"00080060":{"vr":"CS","Value":["CT"]},"0020000D":{"vr":"UI","Value":["1.1"]}}');
            """
}
