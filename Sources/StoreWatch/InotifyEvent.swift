import Glibc

/// One record of the kernel's queue; `name` is valid only while the record is handled.
struct InotifyEvent {
    var watch: Int32
    var mask: UInt32
    /// What the two events of a move have in common; 0 for all others.
    var cookie: UInt32 = 0
    /// Name in the watched directory; empty if the event is about the directory itself.
    var name: UnsafeBufferPointer<UInt8>

    func has(_ bit: CInt) -> Bool { mask & UInt32(truncatingIfNeeded: bit) != 0 }

    var isDirectory: Bool { mask & UInt32(IN_ISDIR) != 0 }

    /// Reads the record at `offset`: s32 watch, u32 mask, u32 cookie, u32 length, then the name, padded with NULs.
    /// (The C struct ends in a flexible array, which Swift cannot look into.)
    ///
    /// - Returns: the event and where the next one starts; nil at the end, or if the record is cut off.
    static func read(
        from buffer: UnsafeRawBufferPointer,
        at offset: Int
    ) -> (event: InotifyEvent, next: Int)? {
        let header = 16
        guard offset >= 0, buffer.count - offset >= header else { return nil }
        let watch = buffer.loadUnaligned(fromByteOffset: offset, as: Int32.self)
        let mask = buffer.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
        let cookie = buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)
        let length = Int(buffer.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
        guard buffer.count - offset - header >= length else { return nil }
        let padded = UnsafeRawBufferPointer(rebasing: buffer[(offset + header)..<(offset + header + length)])
        let bytes = padded.bindMemory(to: UInt8.self)
        let name = UnsafeBufferPointer(rebasing: bytes[..<(bytes.firstIndex(of: 0) ?? bytes.count)])
        return (InotifyEvent(watch: watch, mask: mask, cookie: cookie, name: name), offset + header + length)
    }
}
