internal import Glibc

/// What a file that is no DICOM file is instead, by its first bytes. Raw values are words for people.
package enum ForeignFormat: String, Sendable, CaseIterable {
    case gzip = "compressed by gzip"
    case zlib = "compressed by zlib"
    case zip = "a ZIP archive"
    case bzip2 = "compressed by bzip2"
    case xz = "compressed by xz"
    case zstd = "compressed by zstd"
    case sevenZip = "a 7z archive"
    case jpeg = "a JPEG image"
    case png = "a PNG image"
    case pdf = "a PDF document"

    /// Recognizes a file by its first bytes; nil if it is none of these.
    package init?(_ start: some Collection<UInt8>) {
        let found = Self.allCases.first { format in
            format.starts.contains { start.starts(with: $0) }
        }
        guard let found else { return nil }
        self = found
    }

    /// Looks into an open file, whose position stays.
    package init?(of descriptor: CInt) {
        var start = [UInt8](repeating: 0, count: 8)
        let count = pread(descriptor, &start, start.count, 0)
        guard count > 0 else { return nil }
        self.init(start.prefix(count))
    }

    private var starts: [[UInt8]] {
        switch self {
        case .gzip: [[0x1F, 0x8B]]
        // RFC 1950: deflate, a window of 32 KiB, each level.
        case .zlib: [[0x78, 0x01], [0x78, 0x5E], [0x78, 0x9C], [0x78, 0xDA]]
        case .zip: [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]]
        case .bzip2: [Array("BZh".utf8)]
        case .xz: [[0xFD] + Array("7zXZ".utf8) + [0]]
        case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]]
        case .sevenZip: [Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C]]
        case .jpeg: [[0xFF, 0xD8, 0xFF]]
        case .png: [[0x89] + Array("PNG".utf8)]
        case .pdf: [Array("%PDF".utf8)]
        }
    }
}
