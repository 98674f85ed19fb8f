package import DICOM

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

    /// The UIDs of a data set, as its row will have them; nil if one is absent or empty.
    package static func of(_ dataSet: borrowing DataSet) -> InstanceUIDs? {
        guard let study = text(.studyInstanceUID, in: dataSet), let series = text(.seriesInstanceUID, in: dataSet),
            let instance = text(.sopInstanceUID, in: dataSet)
        else { return nil }
        return InstanceUIDs(study: study, series: series, instance: instance)
    }

    private static func text(_ tag: ElementTag, in dataSet: borrowing DataSet) -> String? {
        guard let element = dataSet.element(tag), element.vr != .SQ, element.dropReason == nil else { return nil }
        let value = dataSet.value(of: element).trimmed(start: true)
        return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
    }
}
