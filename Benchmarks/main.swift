import BigQueryTable
import DICOM
import Glibc
import Vocabulary

// The part of the benchmarks that has to call the product's own code: header to column values, on one thread.
//
//   Benchmarks headers|parse PASSES < list of files, one a line
//   Benchmarks rows < list of files, one a line
//
// The first prints one line per pass: files per second. The second prints the rows, for damage.py. The rest is measured from
// outside, by run.py.

private struct Usage: Error {}

private func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// One pass over all files as the service makes it: opened without following links, looked at, read, turned into cells.
private func pass(_ paths: [[UInt8]], convert: Bool, dataSet: inout DataSet, builder: inout RowBuilder, batch: RowBatch)
    throws -> Double
{
    let start = seconds()
    for path in paths {
        let file = path.withUnsafeBytes { bytes in
            bytes.baseAddress.map { open($0.assumingMemoryBound(to: CChar.self), O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
                ?? -1
        }
        guard file >= 0 else { throw Usage() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Usage() }
        let size = Int(status.st_size)
        try dataSet.read(from: file, size: size)
        guard convert else { continue }
        _ = InstanceIdentity.of(dataSet)
        builder.append(dataSet, path: path, size: Int64(size), to: batch)
        if batch.rows.count >= 500 { batch.removeAll() }
    }
    return Double(paths.count) / (seconds() - start)
}

/// Prints, for each file, the number of cells of its row and why there is none, then each cell: column, kind, bytes of its
/// text, and the text.
private func printRows(of paths: [[UInt8]]) throws {
    let schema = TableSchema(kind: .flattened, includesSourceStore: false)
    var dataSet = DataSet()
    var builder = RowBuilder(schema: schema)
    let batch = RowBatch()
    for path in paths {
        let file = path.withUnsafeBytes { bytes in
            bytes.baseAddress.map { open($0.assumingMemoryBound(to: CChar.self), O_RDONLY | O_CLOEXEC) } ?? -1
        }
        guard file >= 0 else { throw Usage() }
        defer { close(file) }
        do throws(ParseError) {
            // A damaged file grows no more.
            try dataSet.read(from: file, size: Int(lseek(file, 0, SEEK_END)), isComplete: true)
        } catch {
            print("0 \(error.reason) at \(error.offset)")
            continue
        }
        guard let uids = InstanceIdentity.of(dataSet) else {
            print("0 no UIDs")
            continue
        }
        builder.append(dataSet, path: [], size: 0, to: batch)
        print("\(batch.cells.count + 3) \(dataSet.damages.count) damages")
        printText("UID SOPInstanceUID", Array(uids.instance.utf8))
        printText("UID StudyInstanceUID", Array(uids.study.utf8))
        printText("UID SeriesInstanceUID", Array(uids.series.utf8))
        for cell in batch.cells {
            switch cell.kind {
            case .text:
                printText("text \(cell.column.name)", batch.arena[cell.offset..<(cell.offset + cell.length)])
            case .integer: printText("integer \(cell.column.name)", Array("\(cell.integer)".utf8))
            case .real: printText("real \(cell.column.name)", Array("\(cell.real)".utf8))
            }
        }
        batch.removeAll()
    }
}

private func printText(_ key: String, _ text: some Collection<UInt8>) {
    print("\(key) \(text.count)")
    print(String(decoding: text, as: UTF8.self))
}

private func run() throws {
    // Bytes with a NUL at the end, as the service has them.
    var paths: [[UInt8]] = []
    while let line = readLine() { paths.append(Array(line.utf8) + [0]) }
    if CommandLine.arguments.dropFirst() == ["rows"] { return try printRows(of: paths) }
    guard CommandLine.arguments.count == 3, let passes = Int(CommandLine.arguments[2]) else { throw Usage() }
    let schema = TableSchema(kind: .flattened, includesSourceStore: false)
    var dataSet = DataSet()
    var builder = RowBuilder(schema: schema, defaultCharacterSet: "ISO_IR 100")
    let batch = RowBatch()
    for _ in 0..<passes {
        let convert = CommandLine.arguments[1] == "headers"
        let rate = try pass(paths, convert: convert, dataSet: &dataSet, builder: &builder, batch: batch)
        print(Int(rate))
    }
}

do {
    try run()
} catch {
    print("usage: Benchmarks headers|parse PASSES < list of files, or Benchmarks rows < list of files (\(error))")
    exit(2)
}
