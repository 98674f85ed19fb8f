/// The three UIDs that name an instance (PS3.3 C.12.1, C.7.2.1, C.7.3.1).
package struct InstanceIdentity: Hashable, Sendable {
    package var study: String
    package var series: String
    /// SOP Instance UID (0008,0018).
    package var instance: String

    package init(study: String, series: String, instance: String) {
        self.study = study
        self.series = series
        self.instance = instance
    }
}
