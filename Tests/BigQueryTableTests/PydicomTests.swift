import DICOM
import Glibc
import Testing

@testable import BigQueryTable

/// Rows of pydicom's own test files beside what pydicom reads in them.
///
/// `DICOMEXPORT_PYDICOM_DATA` is the directory of the files, `DICOMEXPORT_PYTHON` a Python that has pydicom 3.
@Suite struct PydicomTests {
    private static let data = getenv("DICOMEXPORT_PYDICOM_DATA").map { String(cString: $0) }
    private static let python = getenv("DICOMEXPORT_PYTHON").map { String(cString: $0) }

    @Test(
        .enabled(
            if: data != nil && python != nil,
            "DICOMEXPORT_PYDICOM_DATA and DICOMEXPORT_PYTHON say where pydicom's test files and a Python with pydicom are"
        )
    )
    func `rows are what pydicom reads`() throws {
        try Self.compare(filesIn: try #require(Self.data))
    }

    @Test(.enabled(if: python != nil, "DICOMEXPORT_PYTHON says where a Python with pydicom is"), arguments: [3])
    func `rows of random files are what pydicom reads`(seed: Int) throws {
        var name = Array("/tmp/dicomexport-files.XXXXXX".utf8CString)
        try #require(mkdtemp(&name) != nil)
        let directory = Self.string(name)
        defer { _ = try? Self.run("rm -rf '\(directory)'") }
        let made = try Self.run("\(try Self.script("random_files.py")) '\(directory)' 300 \(seed) 2>&1")
        try #require(made.status == 0, "\(made.output)")
        try Self.compare(filesIn: directory)
    }

    private static func compare(filesIn data: String) throws {
        let paths = try Self.run("find '\(data)' -type f -print | sort").output.split(separator: "\n").map(String.init)
        try #require(!paths.isEmpty)
        // All keywords together are more than a table may have.
        let limits = ColumnLimits(columns: 10_000, privateSequences: 10_000, nestedFields: 1_000_000)
        let schema = TableSchema(kind: .flattened, includesSourceStore: false, limits: limits)
        // One of each for all files: nothing of a file may be left in the next one's row.
        var builder = RowBuilder(schema: schema)
        var metadataBuilder = RowBuilder(schema: TableSchema(kind: .json, includesSourceStore: false))
        var rows = ByteWriter(capacity: 1 << 20)
        for path in paths where !path.hasSuffix(".py") && !path.hasSuffix(".pyc") {
            try appendRows(of: path, &builder, &metadataBuilder, to: &rows)
        }
        var name = Array("/tmp/dicomexport-rows.XXXXXX".utf8CString)
        close(mkstemp(&name))
        let file = string(name)
        defer { unlink(file) }
        try #require(TestFile.write(rows.elements, to: file))
        let result = try Self.run("\(try script("compare_rows.py")) '\(file)' 2>&1")
        #expect(result.status == 0, "\(result.output)")
        print(result.output.split(separator: "\n").last.map(String.init) ?? "no output")
    }

    /// A command that runs one of our scripts.
    private static func script(_ name: String) throws -> String {
        let directory = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return "'\(try #require(python))' '\(directory)/Conformance/\(name)'"
    }

    private static func string(_ name: [CChar]) -> String {
        String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func appendRows(
        of path: String,
        _ builder: inout RowBuilder,
        _ metadataBuilder: inout RowBuilder,
        to rows: inout ByteWriter
    ) throws {
        rows.append("{\"file\":")
        appendJSON(path, to: &rows)
        do throws(ParseError) {
            var dataSet = DataSet()
            try dataSet.parse(TestFile.bytes(path) ?? [])
            rows.append(",\"row\":{")
            appendCells(of: dataSet, &builder, to: &rows)
            rows.append("},\"metadata\":{")
            appendCells(of: dataSet, &metadataBuilder, to: &rows)
            rows.append("}}\n")
        } catch {
            rows.append(",\"error\":")
            appendJSON("\(error.reason) at \(error.offset)", to: &rows)
            rows.append("}\n")
        }
    }

    private static func appendCells(
        of dataSet: borrowing DataSet,
        _ builder: inout RowBuilder,
        to rows: inout ByteWriter
    ) {
        let batch = RowBatch()
        builder.append(dataSet, path: [], size: 0, to: batch)
        for (index, cell) in batch.cells.enumerated() {
            if index > 0 { rows.append(UInt8(ascii: ",")) }
            appendJSON(cell.column.name, to: &rows)
            rows.append(UInt8(ascii: ":"))
            switch cell.kind {
            case .text: appendJSON(batch.text(cell.offset..<(cell.offset + cell.length)), to: &rows)
            case .integer: rows.append(integer: cell.integer)
            case .real: rows.append(string: "\(cell.real)")
            }
        }
    }

    private static func appendJSON(_ text: String, to rows: inout ByteWriter) {
        var text = text
        text.withUTF8 { rows.appendJSON(UnsafeRawBufferPointer($0)) }
    }

    /// What a shell command prints, and its exit status.
    private static func run(_ command: String) throws -> (output: String, status: CInt) {
        let pipe = try #require(popen(command, "r"))
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return (String(decoding: bytes, as: UTF8.self), pclose(pipe) >> 8)
    }
}
