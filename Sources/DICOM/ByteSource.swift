import Glibc

/// Where the bytes of a file come from. The descriptor and the memory are borrowed for the time of one read.
enum ByteSource {
    case descriptor(CInt)
    case memory(UnsafeRawBufferPointer)

    /// Copies up to `count` bytes at `offset`; 0 means the end. Throws `errno`.
    func copy(at offset: Int, to target: UnsafeMutableRawPointer, count: Int) throws(ReadFailure) -> Int {
        switch self {
        case .descriptor(let descriptor):
            while true {
                let got = pread(descriptor, target, count, offset)
                if got >= 0 { return got }
                let code = errno
                if code != EINTR { throw ReadFailure(code: code) }
            }
        case .memory(let bytes):
            guard offset < bytes.count, let base = bytes.baseAddress else { return 0 }
            let got = min(count, bytes.count &- offset)
            target.copyMemory(from: base + offset, byteCount: got)
            return got
        }
    }
}

/// `errno` of a failed read.
struct ReadFailure: Error {
    let code: CInt
}
