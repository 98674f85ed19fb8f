import ControlSocket
import Glibc
import HealthcareAPI

/// Asks for an operation until it is done, and shows meanwhile how far it is.
struct OperationWait {
    var client: ControlClient
    /// The first pause; each is 1.4 times as long as the one before, up to ``longestPause``.
    var pause = Duration.milliseconds(100)
    var longestPause = Duration.seconds(2)

    /// - Returns: the operation as the service last told it.
    /// - Throws: status 3 if it ended in error, which is written to standard error as JSON.
    func result(of name: OperationName) async throws -> JSONValue {
        let isLive = Terminal.errorIsTerminal
        Terminal.error("Waiting for operation [\(name)] to complete...")
        var line = ProgressLine()
        var pause = pause
        while true {
            let answer = try await client.send(.operation(name))
            let operation = try JSONText.decode(HealthcareOperation.self, from: answer)
            if operation.done {
                Terminal.raw(isLive ? "\r\u{1B}[K" : "", to: STDERR_FILENO)
                Terminal.error((isLive ? "Waiting for operation [\(name)] to complete..." : "") + "done.\n")
                if let error = operation.error {
                    throw CommandFailure(status: .operationFailed, message: try JSONText.text(.init(error)).trimmed)
                }
                return try JSONText.decode(JSONValue.self, from: answer)
            }
            guard operation.metadata.apiMethodName != OperationMetadata.streamMethod else {
                Terminal.error("\n")
                throw CommandFailure(status: .failed, message: "Operation [\(name)] is a stream, which is never done.")
            }
            if isLive, let counter = operation.metadata.counter {
                Terminal.raw("\r\u{1B}[K", to: STDERR_FILENO)
                Terminal.error(line.text(counter, at: .now))
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 7 / 5, longestPause)
        }
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
