import CZlib
import Glibc

/// Raw deflate, from a source, in bounded pieces (PS3.5 A.5). Kept and reset from file to file.
final class Inflater {
    private var stream = z_stream()
    private var input: UnsafeMutablePointer<UInt8>
    private let inputCapacity = 32 << 10
    private var source = ByteSource.memory(UnsafeRawBufferPointer(start: nil, count: 0))
    private var position = 0
    private var end = 0
    private var isReady = false
    private var isFinished = false

    enum Failure: Error {
        case damaged
        case unreadable(CInt)
    }

    init() {
        input = .allocate(capacity: inputCapacity)
    }

    deinit {
        if isReady { inflateEnd(&stream) }
        input.deallocate()
    }

    /// Begins anew with the bytes `start ..< end` of the source.
    func begin(_ source: ByteSource, from start: Int, to end: Int) throws(Failure) {
        self.source = source
        self.end = end
        position = start
        isFinished = false
        stream.next_in = nil
        stream.avail_in = 0
        try refill()
        // Some writers add a zlib header, against the standard.
        let hasHeader =
            stream.avail_in >= 2 && input[0] == 0x78 && (UInt(input[0]) << 8 | UInt(input[1])) % 31 == 0
        let windowBits = hasHeader ? MAX_WBITS : -MAX_WBITS
        let code =
            isReady
            ? inflateReset2(&stream, windowBits)
            : inflateInit2_(&stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw .unreadable(ENOMEM) }
        isReady = true
    }

    /// Writes up to `count` inflated bytes; 0 means the end, of the stream or of the file.
    func copy(to target: UnsafeMutableRawPointer, count: Int) throws(Failure) -> Int {
        guard !isFinished, count > 0 else { return 0 }
        let wanted = UInt32(truncatingIfNeeded: min(count, 1 << 30))
        stream.next_out = target.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = wanted
        while stream.avail_out == wanted {
            if stream.avail_in == 0 { try refill() }
            let code = inflate(&stream, Z_SYNC_FLUSH)
            switch code {
            case Z_OK: break
            case Z_STREAM_END:
                isFinished = true
                return Int(wanted &- stream.avail_out)
            case Z_BUF_ERROR:
                // No progress: the file ends within the stream.
                if stream.avail_in == 0, position >= end { return Int(wanted &- stream.avail_out) }
            default:
                // What came before the damage counts.
                let got = wanted &- stream.avail_out
                if got > 0 { return Int(got) }
                throw .damaged
            }
        }
        return Int(wanted &- stream.avail_out)
    }

    private func refill() throws(Failure) {
        let wanted = min(inputCapacity, end &- position)
        guard wanted > 0 else { return }
        let got: Int
        do throws(ReadFailure) {
            got = try source.copy(at: position, to: input, count: wanted)
        } catch {
            throw .unreadable(error.code)
        }
        if got == 0 { end = position }
        position &+= got
        stream.next_in = input
        stream.avail_in = UInt32(truncatingIfNeeded: got)
    }
}
