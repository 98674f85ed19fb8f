/// The three UIDs that name an instance (PS3.3 C.12.1, C.7.2.1, C.7.3.1), without which there is no row.
package struct InstanceIdentity: Hashable, Sendable {
    /// Study Instance UID (0020,000D).
    package var study: String
    /// Series Instance UID (0020,000E).
    package var series: String
    /// SOP Instance UID (0008,0018).
    package var instance: String

    package init(study: String, series: String, instance: String) {
        self.study = study
        self.series = series
        self.instance = instance
    }
}
