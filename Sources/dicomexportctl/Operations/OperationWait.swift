import ControlSocketClient
import Glibc
import HealthcareAPI
import Vocabulary

/// Asks for an operation until it is done, and shows meanwhile how far it is.
struct OperationWait {
    var client: ControlClient
    /// The first pause; each is 1.4 times as long as the one before, up to ``longestPause``.
    var pause = Duration.milliseconds(100)
    var longestPause = Duration.seconds(2)
    /// Operations go on after a restart of the service, so that one that is away is asked again for so long.
    var patience = Duration.seconds(90)

    /// `isKnown`: Whether the service has told of the operation already.
    ///
    /// - Returns: the operation as the service last told it.
    /// - Throws: status 3 if it ended in error, which is written to standard error as JSON.
    func result(of name: OperationName, isKnown: Bool = false) async throws -> JSONValue {
        var display = WaitDisplay(name)
        var isKnown = isKnown
        let interruption = WaitInterruption(name)
        defer { interruption.end() }
        display.begin()
        var pause = pause
        var lost: ContinuousClock.Instant?
        while true {
            let answer: [UInt8]?
            do throws(ControlClient.Failure) {
                answer = try await client.send(.operation(name))
                lost = nil
                isKnown = true
            } catch {
                answer = nil
                // One that was never there need not be waited for.
                guard case .unreachable = error, isKnown else { throw error }
                let since = lost ?? .now
                guard .now - since < patience else { throw error }
                lost = since
            }
            if let answer, let result = try result(of: name, in: answer, &display) { return result }
            try await Task.sleep(for: pause)
            pause = min(pause * 7 / 5, longestPause)
        }
    }

    /// nil while it is not done.
    private func result(
        of name: OperationName,
        in answer: [UInt8],
        _ display: inout WaitDisplay
    ) throws -> JSONValue? {
        let operation = try JSONText.decode(HealthcareOperation.self, from: answer)
        guard operation.done else {
            guard operation.metadata.apiMethodName != OperationMetadata.streamMethod else {
                display.end("")
                throw CommandFailure(status: .failed, message: "Operation [\(name)] is a stream, which is never done.")
            }
            display.show(operation.metadata.counter)
            return nil
        }
        display.end()
        if let error = operation.error {
            throw CommandFailure(status: .operationFailed, message: try JSONText.text(.init(error)).trimmed)
        }
        return try JSONText.decode(JSONValue.self, from: answer)
    }
}

extension JSONValue {
    /// The status as gcloud shows it: what Google's field names hold, and nothing else.
    fileprivate init(_ status: RPCStatus) {
        var members: [String: JSONValue] = [
            "code": .integer(Int64(status.codeNumber)), "message": .string(status.message),
        ]
        if !status.details.isEmpty { members["details"] = .array(status.details) }
        self = .object(members)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
