import BigQueryTable
import DICOM
import Glibc

// The part of the benchmarks that has to call the product's own code: header to column values, on one thread.
//
//   Benchmarks headers|parse PASSES < list of files, one a line
//
// Prints one line per pass: files per second. The rest is measured from outside, by run.py.

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
        _ = InstanceUIDs.of(dataSet)
        builder.append(dataSet, path: path, size: Int64(size), to: batch)
        if batch.rows.count >= 500 { batch.removeAll() }
    }
    return Double(paths.count) / (seconds() - start)
}

private func run() throws {
    guard CommandLine.arguments.count == 3, let passes = Int(CommandLine.arguments[2]) else { throw Usage() }
    // Bytes with a NUL at the end, as the service has them.
    var paths: [[UInt8]] = []
    while let line = readLine() { paths.append(Array(line.utf8) + [0]) }
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
    print("usage: Benchmarks headers|parse PASSES < list of files (\(error))")
    exit(2)
}
