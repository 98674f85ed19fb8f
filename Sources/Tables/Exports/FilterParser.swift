internal import Intake
internal import StoreIndex

/// Reads the lines of a filter: `/studies/STUDY[/series/SERIES[/instances/INSTANCE]]`, ended by LF or CRLF.
///
/// Pure; holds one line at most.
struct FilterParser {
    /// A line that is none of these.
    struct BadLine: Error, Hashable { var number: Int }

    /// Twice what three UIDs of 64 bytes take.
    private static let maximumLine = 512
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let keys = ["studies", "series", "instances"].map { Array($0.utf8) }
    private var line: [UInt8] = []
    private var number = 1

    /// Takes the next bytes, and calls `body` for each line that they end.
    mutating func read<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (FilterFile.Line) throws(Failure) -> Void
    ) throws(Failure) -> BadLine? {
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                guard line.count < Self.maximumLine else { return BadLine(number: number) }
                line.append(byte)
                continue
            }
            if let bad = try endLine(body) { return bad }
        }
        return nil
    }

    /// Takes the last line, which need not be ended.
    mutating func finish<Failure: Error>(_ body: (FilterFile.Line) throws(Failure) -> Void) throws(Failure) -> BadLine?
    {
        try endLine(body)
    }

    private mutating func endLine<Failure: Error>(
        _ body: (FilterFile.Line) throws(Failure) -> Void
    ) throws(Failure) -> BadLine? {
        defer {
            line.removeAll(keepingCapacity: true)
            number += 1
        }
        if number == 1, line.starts(with: Self.byteOrderMark) { line.removeFirst(Self.byteOrderMark.count) }
        while let last = line.last, last == UInt8(ascii: "\r") || last == 0x20 || last == 0x09 { line.removeLast() }
        guard !line.isEmpty else { return nil }
        guard let parsed = Self.parse(line) else { return BadLine(number: number) }
        try body(parsed)
        return nil
    }

    private static func parse(_ line: [UInt8]) -> FilterFile.Line? {
        let parts = line.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 5 || parts.count == 7, parts[0].isEmpty else { return nil }
        var uids = ["", "", ""]
        for index in 0..<(parts.count / 2) {
            guard parts[1 + 2 * index].elementsEqual(keys[index]), let uid = uid(parts[2 + 2 * index]) else {
                return nil
            }
            uids[index] = uid
        }
        return FilterFile.Line(study: uids[0], series: uids[1], instance: uids[2])
    }

    /// A UID as PS3.5 9.1 has it: digits and dots, at most 64.
    private static func uid(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.isEmpty, bytes.count <= 64,
            bytes.allSatisfy({ $0 == UInt8(ascii: ".") || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
