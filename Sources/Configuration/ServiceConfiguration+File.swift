import Glibc

extension ServiceConfiguration {
    /// The most bytes of a configuration file: thousands of stores fit, and a wrong path to something huge does not.
    package static let maximumFileSize = 1 << 20

    /// Reads and checks a configuration file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - stateDirectory: The default for `stateDirectory`: what the service manager gave, or nil.
    /// - Returns: A configuration that is consistent in itself.
    /// - Throws: Everything that is wrong with the file.
    package static func load(
        path: String,
        stateDirectory: String? = nil
    ) throws(ConfigurationErrors) -> ServiceConfiguration {
        let bytes: [UInt8]
        let text: String
        do throws(ConfigurationError) {
            bytes = try contents(of: path)
            text = try decode(bytes)
        } catch {
            throw ConfigurationErrors(file: path, [error])
        }
        return try parse(text, file: path, stateDirectory: stateDirectory)
    }

    private static func contents(of path: String) throws(ConfigurationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        // One byte more than is allowed tells a full file from one that is too large, also where a pipe has no size.
        var bytes = [UInt8](repeating: 0, count: maximumFileSize + 1)
        var count = 0
        while count < bytes.count {
            let length = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if length == 0 { break }
            if length < 0 {
                if errno == EINTR { continue }
                throw unreadable(errno)
            }
            count += length
        }
        guard count <= maximumFileSize else {
            throw ConfigurationError(reason: "is larger than \(SizeText.format(maximumFileSize))")
        }
        return Array(bytes[..<count])
    }

    private static func unreadable(_ code: CInt) -> ConfigurationError {
        switch code {
        case ENOENT: ConfigurationError(reason: "does not exist")
        case EISDIR: ConfigurationError(reason: "is a directory")
        default: ConfigurationError(reason: "cannot be read: \(String(cString: strerror(code)))")
        }
    }

    private static func decode(_ bytes: [UInt8]) throws(ConfigurationError) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        throw ConfigurationError(line: index + 1, reason: "is not UTF-8")
    }
}
