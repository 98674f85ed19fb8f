import BigQueryTable
import SQLite
import TestSupport
import Vocabulary

@testable import Warehouse

/// A warehouse in a directory of its own, with one stream.
final class Fixture {
    static let store = "projects/hospital/locations/site-a/datasets/radiology/dicomStores/gateway"
    static let epoch: [UInt8] = [1, 2, 3, 4]

    let directory: TemporaryDirectory
    let warehouse: Warehouse
    var request: StreamRequest

    init(kind: SchemaKind = .flattened, includeSourceStore: Bool = false, limits: ColumnLimits = ColumnLimits()) throws
    {
        directory = try TemporaryDirectory()
        warehouse = Warehouse(root: directory / "warehouse")
        request = StreamRequest(
            store: Self.store,
            table: try TableReference(uri: "bq://hospital.radiology.instances"),
            kind: kind,
            includeSourceStore: includeSourceStore,
            limits: limits
        )
    }

    var path: String { warehouse.file(of: request.table) }

    func open() throws -> StreamWriter { try warehouse.openStream(request) }

    /// A stream that has started.
    func start() throws -> StreamWriter {
        let stream = try open()
        try stream.start(epoch: Self.epoch, at: 0, backfillUntil: 0, operation: 7, now: 1)
        return stream
    }

    /// A connection as a user would have it.
    func reader() throws -> Connection { try Connection(path: path, mode: .readOnly) }
    func admin() throws -> Connection { try Connection(path: path, mode: .readWrite) }

    /// Rows of a query, with `|` between columns and `NULL` for what is absent.
    func rows(_ sql: String) throws -> [String] { try rows(sql, of: reader()) }

    func rows(_ sql: String, of connection: Connection) throws -> [String] {
        let query = try connection.prepare(sql)
        var rows: [String] = []
        while try query.step() {
            rows.append((0..<query.columnCount).map { query.text($0) ?? "NULL" }.joined(separator: "|"))
        }
        return rows
    }
}

/// The reason of an error of the warehouse.
func reason(_ body: () throws -> Void) -> WarehouseError.Reason? { failure(body)?.reason }

func failure(_ body: () throws -> Void) -> WarehouseError? {
    do {
        try body()
        return nil
    } catch {
        return error as? WarehouseError
    }
}
