import ControlSocketClient
import HealthcareAPI
import Vocabulary

/// An operation that was just started: says so in gcloud's words, and waits for its end unless told not to.
struct IssuedOperation {
    var client: ControlClient
    var store: DicomStoreName
    /// The service's answer, which is the operation.
    var answer: [UInt8]

    func result(isAsync: Bool) async throws -> JSONValue {
        let operation = try JSONText.decode(HealthcareOperation.self, from: answer)
        Terminal.error("Request issued for: [\(store.store)]\n")
        guard let name = OperationName(operation.name) else {
            throw CommandFailure(status: .failed, message: "The service named the operation '\(operation.name)'.")
        }
        guard isAsync else { return try await OperationWait(client: client).result(of: name, isKnown: true) }
        Terminal.error("Check operation [\(name)] for status.\n")
        return try JSONText.decode(JSONValue.self, from: answer)
    }
}
