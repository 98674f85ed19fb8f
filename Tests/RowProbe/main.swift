// Reads hostile files in a process of its own, so that its memory and time can be told from those of others.
//
//   RowProbe make DIRECTORY   writes them
//   RowProbe read FILE        prints: growth of memory in KiB, milliseconds, and what became of the file

import BigQueryTable
import DICOM
import DICOMTestSupport
import Glibc

/// The most memory that the process has had, KiB. Not from getrusage, which remembers what was before exec.
func peak() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, CInt(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text.hasPrefix("VmHWM:") { return Int(text.filter(\.isNumber)) ?? 0 }
    }
    return 0
}

/// What the service does with a file: reads it by its descriptor, and makes a row of each schema.
func rows(of path: String) -> String {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var dataSet = DataSet()
    do throws(ParseError) {
        try dataSet.read(from: descriptor, size: Int(lseek(descriptor, 0, SEEK_END)), isComplete: true)
    } catch {
        return "\(error.reason) at \(error.offset)"
    }
    var lengths: [Int] = []
    for kind in SchemaKind.allCases {
        let schema = TableSchema(kind: kind, includesSourceStore: false)
        var builder = RowBuilder(schema: schema)
        let batch = RowBatch()
        builder.append(dataSet, path: [], size: 0, to: batch)
        lengths.append(batch.byteCount)
    }
    return "\(dataSet.count) elements, rows of \(lengths[0]) and \(lengths[1]) bytes"
}

func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen(path, "wb") else { return false }
    let count = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && count == bytes.count
}

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "make" where arguments.count == 3:
    let small = DICOMBuilder().instance()
    guard write(small.file(), to: "\(arguments[2])/0.dcm") else { exit(1) }
    for (name, make) in Hostile.files {
        guard write(make(), to: "\(arguments[2])/\(name).dcm") else { exit(1) }
    }
case "read" where arguments.count == 3:
    // What the first file costs, whatever it is, is no growth: the dictionary, and the runtime's own.
    let directory = arguments[2].split(separator: "/").dropLast().map { "/" + $0 }.joined()
    _ = rows(of: "\(directory)/0.dcm")
    let before = peak()
    let clock = ContinuousClock()
    let start = clock.now
    let result = rows(of: arguments[2])
    let elapsed = start.duration(to: clock.now)
    print(
        "\(peak() - before) \(elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000) \(result)"
    )
default:
    print("usage: RowProbe make DIRECTORY | read FILE")
    exit(2)
}
