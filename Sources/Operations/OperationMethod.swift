/// What a long-running operation does: its `apiMethodName`.
package enum OperationMethod: String, Sendable {
    case stream = "dicomexportd.StreamDicomData_bq"
    case export = "google.cloud.healthcare.v1.dicom.DicomService.ExportDicomData_bq"
    case rescan = "dicomexportd.RescanDicomStore"
    case verify = "dicomexportd.VerifyDicomStore"
}
