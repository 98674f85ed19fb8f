import SQLite

/// A connection that reads datasets, and only those that it is asked for. Not Sendable, like its connection.
package final class QuerySession {
    package let location: WarehouseLocation
    let connection: Connection
    /// The names of datasets in SQLite, by their files.
    private var attached: [String: String] = [:]

    package init(_ location: WarehouseLocation) throws(QueryError) {
        self.location = location
        do throws(SQLiteError) {
            // Read only itself, so that what is attached is as well.
            connection = try Connection(path: ":memory:", mode: .readOnly)
            try SQLFunctions.define(on: connection)
            try connection.distrustSchemas()
        } catch {
            throw QueryError("SQLite: \(error.message)")
        }
    }

    /// Lets something be asked now and then, whether to stop.
    package func stop(when isWanted: @escaping @convention(c) (UnsafeMutableRawPointer?) -> CInt) {
        connection.stop(when: isWanted)
    }

    /// Checks a query and makes it ready to run.
    package func result(of sql: String, parameters: [QueryParameter] = []) throws -> QueryResult {
        let catalog = Catalog(session: self)
        let translation = try Translator(catalog: catalog, parameters: parameters).translation(of: Parser.query(sql))
        try Self.checkNames(translation.columns)
        do throws(SQLiteError) {
            let statement = try connection.prepare(translation.sql)
            guard statement.isReadOnly else { throw SQLiteError(code: .readOnly, message: "it would write") }
            for (index, parameter) in parameters.enumerated() where index < statement.parameterCount {
                switch parameter.value.value {
                case .integer(let number): try statement.bind(index + 1, number)
                case .real(let number): try statement.bind(index + 1, number)
                case .text(let text): try statement.bind(index + 1, text)
                case .null, .blob: try statement.bindNull(index + 1)
                }
            }
            return QueryResult(statement, columns: translation.columns, session: self)
        } catch {
            throw failure(error)
        }
    }

    /// Refuses names that are there twice: JSON could not hold both.
    private static func checkNames(_ columns: [ColumnType]) throws(QueryError) {
        var seen: Set<String> = []
        for column in columns where !seen.insert(column.name.lowercased()).inserted {
            throw QueryError(
                "Duplicate column names in the result are not supported. Found duplicate(s): \(column.name)",
                hint: "Give one of them another name with AS."
            )
        }
    }

    func prepare(_ sql: String) throws(QueryError) -> Statement {
        do throws(SQLiteError) { return try connection.prepare(sql) } catch { throw failure(error) }
    }

    /// What SQLite said, whole: the caller may see all that it could quote.
    func failure(_ error: SQLiteError) -> QueryError {
        switch error.code {
        case .interrupted: QueryError("The query was interrupted")
        case .error: QueryError(connection.lastMessage)
        default: QueryError("SQLite: \(error.message)")
        }
    }

    /// Opens a dataset's file, unless it is open, and answers its name in SQLite.
    func attach(_ path: String, at offset: Int?) throws(QueryError) -> String {
        if let name = attached[path] { return name }
        guard attached.count < connection.attachLimit else {
            throw QueryError(
                "The query names more than \(connection.attachLimit) datasets, which is all that SQLite can attach",
                at: offset
            )
        }
        let code = FileAccess.error(path)
        guard code == 0 else { throw FileAccess.refusal(path, code, at: offset) }
        let name = "d\(attached.count)"
        do throws(SQLiteError) {
            let attach = try connection.prepare("ATTACH ? AS \(name)")
            try attach.bind(1, path)
            try attach.run()
            // Opened only now, when something is read of it.
            _ = try connection.integer("SELECT count(*) FROM \(name).sqlite_schema")
            guard connection.isReadOnly(name) else {
                throw SQLiteError(code: .misuse, message: "it was opened for writing")
            }
        } catch {
            throw QueryError(
                "Cannot read \(path): \(error.message)",
                at: offset,
                hint: "Its -wal and -shm files, which the service keeps beside it, must be readable as well."
            )
        }
        attached[path] = name
        return name
    }

    /// Forgets a dataset, so that there is room for others.
    func detach(_ path: String) {
        guard let name = attached.removeValue(forKey: path) else { return }
        // One that is still read stays; then its name must not be given again.
        do { try connection.execute("DETACH \(name)") } catch { attached[path] = name }
    }
}

/// The rows of a query, one at a time.
package final class QueryResult {
    package let columns: [ColumnType]
    private let statement: Statement
    private let session: QuerySession
    private let keys: [[UInt8]]

    init(_ statement: Statement, columns: [ColumnType], session: QuerySession) {
        self.statement = statement
        self.columns = columns
        self.session = session
        keys = columns.map { column in
            var key = JSONBytes()
            key.append(string: column.name)
            return key.bytes
        }
    }

    /// The query in SQLite's words.
    package var sql: String { statement.sql }

    /// Goes on to the next row; false at the end.
    package func next() throws(QueryError) -> Bool {
        do throws(SQLiteError) { return try statement.step() } catch { throw session.failure(error) }
    }

    /// A value of the row as people read it.
    package func text(_ column: Int) throws(QueryError) -> String {
        try ValueText.text(statement.value(column), columns[column].type)
    }

    package func isNull(_ column: Int) -> Bool {
        if case .array = columns[column].type { return false }
        return statement.isNull(column)
    }

    /// Appends the row as a JSON object: in lines of their own, as `bq` shows it, or in one, without what is NULL.
    package func append(to json: inout JSONBytes, style: JSONBytes.Style) throws(QueryError) {
        var isFirst = true
        json.append("{")
        for (index, column) in columns.enumerated() {
            // Most columns of most rows are NULL.
            if style == .load, statement.isNull(index) { continue }
            let value = statement.value(index)
            if style == .load, column.type.isArray, value == .text("[]") { continue }
            if !isFirst { json.append(",") }
            isFirst = false
            if style == .query { json.append("\n    ") }
            json.bytes += keys[index]
            json.append(style == .query ? ": " : ":")
            if style == .query, column.type.isArray, value == .null {
                json.append("[]")
            } else {
                try json.append(value, column.type, style)
            }
        }
        json.append(style == .query ? "\n  }" : "}")
    }
}

extension ValueType {
    fileprivate var isArray: Bool { if case .array = self { true } else { false } }
}
