import SQLite
import ServiceRuntime
import StoreWatch
import Testing
import Vocabulary
import Warehouse

@testable import Operations

/// Why an operation cannot be done, and what it is called by.
@Suite struct OperationRefusalTests {
    @Test(arguments: [
        (OperationRefusal.invalidArgument("why"), 3), (.notFound("why"), 5), (.permissionDenied("why"), 7),
        (.resourceExhausted("why"), 8), (.failedPrecondition("why"), 9),
    ])
    func `a refusal has the code of its kind, and the words it was given`(refusal: OperationRefusal, code: Int) {
        #expect(refusal.code.number == code && refusal.message == "why")
    }

    @Test func `an operation that was cancelled says so`() {
        #expect(
            OperationRefusal.cancelled == OperationRefusal(code: .cancelled, message: "The operation was cancelled.")
        )
    }

    @Test(arguments: [
        (OperationMethod.stream, "dicomexportd.StreamDicomData_bq"),
        (.export, "google.cloud.healthcare.v1.dicom.DicomService.ExportDicomData_bq"),
        (.rescan, "dicomexportd.RescanDicomStore"), (.verify, "dicomexportd.VerifyDicomStore"),
    ])
    func `a method is stored by the name that clients know it by`(method: OperationMethod, name: String) {
        #expect(method.rawValue == name)
        #expect(OperationMethod(rawValue: name) == method)
        #expect(OperationMethod(rawValue: name + "2") == nil)
    }

    private func refusal(_ fault: ServiceFault) -> OperationRefusal? {
        if case .ended(let refusal) = OperationStop(fault) { refusal } else { nil }
    }

    @Test func `a fault that ends an operation gives it its words`() {
        let full = SQLiteError(code: .full, message: "full")
        #expect(refusal(.index(full)) == .resourceExhausted("state.db cannot be used: full (13)"))
        #expect(
            refusal(.warehouse(WarehouseError(.resourceExhausted, .full, "no room"))) == .resourceExhausted("no room")
        )
        #expect(refusal(.warehouse(WarehouseError(.notFound, .refused, "none"))) == .notFound("none"))
        #expect(
            refusal(.lowSpace(directory: "/d", free: 1 << 20, minimum: 2 << 20))
                == .resourceExhausted("1 MiB are free in '/d', less than minimumFreeSpace (2 MiB): make room")
        )
    }

    @Test(arguments: [
        (ServiceFault.watch(.noSpace), true), (.store(.rootUnavailable(.absent)), true),
        (.store(.file(.accessDenied)), true), (.process(.tooManyFiles), false), (.thread(name: "t", errno: 11), false),
        (.warehouse(WarehouseError(.unavailable, .storage(.inputOutput), "")), false),
        (.index(SQLiteError(code: .corrupt, message: "")), false),
    ])
    func `it waits for the store as long as that takes, and tries for a while what is broken`(
        fault: ServiceFault,
        waits: Bool
    ) {
        switch OperationStop(fault) {
        case .waits(let same): #expect(waits && "\(same)" == "\(fault)")
        case .fails(let same): #expect(!waits && "\(same)" == "\(fault)")
        case .stopped, .ended: Issue.record("it has ended")
        }
    }
}
