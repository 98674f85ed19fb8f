internal import CLinux
import Glibc

/// Reads the entries of one open directory after the other, with one buffer for all.
///
/// Not readdir(3): a DIR costs an allocation of 32 KiB per directory and hides errors until the end.
final class DirectoryReader {
    /// A directory entry; `text` and `name` are the same bytes and valid until the next call.
    struct Entry {
        var text: UnsafePointer<CChar>
        var name: UnsafeBufferPointer<UInt8>
        /// `DT_REG` and so on; `DT_UNKNOWN` on file systems that do not say.
        var type: UInt8
    }

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
    private var directory: Descriptor?
    private var filled = 0
    private var offset = 0

    deinit { buffer.deallocate() }

    func begin(_ directory: consuming Descriptor) {
        self.directory = consume directory
        filled = 0
        offset = 0
    }

    func end() { directory = nil }

    /// Describes an entry of this directory.
    func status(of entry: Entry) throws(Errno) -> FileStatus {
        try FileStatus(of: entry.text, in: descriptor)
    }

    private var descriptor: CInt {
        switch directory {
        case .some(let open): open.rawValue
        case .none: -1
        }
    }

    /// The next entry but `.` and `..`; nil at the end.
    func next() throws(Errno) -> Entry? {
        // A record: u64 inode, s64 position, u16 length, u8 type, name with NUL.
        let header = 19
        while true {
            if offset >= filled {
                let count = linux_getdents64(descriptor, buffer.baseAddress, buffer.count)
                guard count >= 0 else { throw .current }
                guard count > 0 else { return nil }
                filled = count
                offset = 0
            }
            guard let base = buffer.baseAddress, filled - offset > header else { throw Errno(rawValue: EIO) }
            let record = UnsafeRawPointer(base) + offset
            let length = Int(record.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
            guard length > header, length <= filled - offset else { throw Errno(rawValue: EIO) }
            offset += length
            let bytes = (record + header).assumingMemoryBound(to: UInt8.self)
            let padded = UnsafeBufferPointer(start: bytes, count: length - header)
            guard let end = padded.firstIndex(of: 0) else { throw Errno(rawValue: EIO) }
            let name = UnsafeBufferPointer(rebasing: padded[..<end])
            if Self.isSelfOrParent(name) { continue }
            return Entry(
                text: (record + header).assumingMemoryBound(to: CChar.self),
                name: name,
                type: record.load(fromByteOffset: 18, as: UInt8.self)
            )
        }
    }

    private static func isSelfOrParent(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
    }
}
