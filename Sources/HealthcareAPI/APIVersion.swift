/// The version in a path. All versions are answered alike; `gcloud beta` and `gcloud alpha` use the others.
package enum APIVersion: String, CaseIterable, Hashable, Sendable {
    case v1
    case v1beta1
    case v1alpha2

    /// The `@type` of an operation's metadata.
    package var operationMetadataType: String {
        "type.googleapis.com/google.cloud.healthcare.\(rawValue).OperationMetadata"
    }
}
