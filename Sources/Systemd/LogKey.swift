/// Keys of metadata that people's scripts rely on. In the journal `store` is the field `DICOMEXPORT_STORE`.
package enum LogKey {
    /// The full name of a store.
    package static let store = "store"
    /// The name of an operation.
    package static let operation = "operation"
    /// A file, relative to its store. Only with `logPaths`.
    package static let path = "path"
    /// The reason for a failure, in capitals.
    package static let code = "code"
    /// The id of a failure, under which the path can be looked up.
    package static let failure = "failure"
    /// A table, `bq://PROJECT.DATASET.TABLE`.
    package static let table = "table"
    /// The user who asked for a change.
    package static let uid = "uid"
    /// How often a message was held back since it was last written.
    package static let suppressed = "suppressed"
}
