/// The version that both commands and `/status` tell.
package enum ProductVersion {
    package static let current = "0.1.0"
}
