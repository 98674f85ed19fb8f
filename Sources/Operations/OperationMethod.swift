/// What a long-running operation does: its `apiMethodName`.
package enum OperationMethod: String, Sendable {
    case stream = "dicomexportd.StreamDicomData_bq"
    case rescan = "dicomexportd.RescanDicomStore"
}
