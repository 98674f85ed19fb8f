/// Which instance a data set is: the three UIDs without which there is no row.
package struct InstanceUIDs: Hashable, Sendable {
    package var study: String
    package var series: String
    package var instance: String

    /// Names an instance.
    package init(study: String, series: String, instance: String) {
        self.study = study
        self.series = series
        self.instance = instance
    }
}
