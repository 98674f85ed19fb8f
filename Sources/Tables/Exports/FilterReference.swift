package import Operations

/// A filter file by its Cloud Storage name, `gs://BUCKET/OBJECT`: a file in the directory that the configuration gives the
/// bucket.
package struct FilterReference: Hashable, Sendable {
    package let bucket: String
    package let object: String

    /// Cloud Storage's limit for the name of an object, in bytes.
    private static let maximumObject = 1024

    /// - Throws: INVALID_ARGUMENT for a name that could lead out of the bucket, or is none.
    package init(uri: String) throws(OperationRefusal) {
        let scheme = "gs://"
        let rest = uri.dropFirst(scheme.count)
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard uri.hasPrefix(scheme), parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .invalidArgument("resourcePathsGcsUri must be gs://BUCKET/OBJECT.")
        }
        let names = parts[1].utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts[1].utf8.count <= Self.maximumObject, parts[1].unicodeScalars.allSatisfy({ $0.value >= 0x20 }),
            names.allSatisfy({ !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) })
        else { throw .invalidArgument("resourcePathsGcsUri does not name an object in the bucket '\(parts[0])'.") }
        bucket = String(parts[0])
        object = String(parts[1])
    }

    package var uri: String { "gs://\(bucket)/\(object)" }
}
