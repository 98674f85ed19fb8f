import ArgumentParser
import ControlSocketClient
import HealthcareAPI
internal import Vocabulary

struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicomexportctl",
        abstract: "Asks and steers dicomexportd, which exports the metadata of DICOM stores to tables.",
        discussion: """
            Results go to standard output, everything else to standard error. Exit status: 0 done, 1 failed, 2 wrong \
            usage, 3 the operation ended in error, 4 the service cannot be reached, 130 interrupted, 141 nobody reads the \
            results; check has its own.
            """,
        version: "dicomexportctl \(ProductVersion.current)",
        subcommands: [
            DicomStoresCommand.self, OperationsCommand.self, TablesCommand.self, QueryCommand.self, StatusCommand.self,
            CheckCommand.self, ReloadCommand.self, CompletionCommand.self,
        ]
    )

    /// Runs the command that the arguments name, and says what went wrong.
    static func run(_ arguments: [String]) async -> ExitStatus {
        let parsed: any ParsableCommand
        do {
            parsed = try parseAsRoot(GlobalOptions.hoisted(arguments))
        } catch {
            let status = report(error, as: nil)
            // Of a plugin 2 would say that the service is in danger, and 3 says that nobody knows.
            return status == .usage && GlobalOptions.hoisted(arguments).first == "check" ? .operationFailed : status
        }
        guard type(of: parsed).configuration.subcommands.isEmpty else {
            Terminal.error(helpMessage(for: type(of: parsed)) + "\n")
            return .usage
        }
        do {
            if var command = parsed as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = parsed
                try command.run()
            }
            return .done
        } catch {
            return report(error, as: type(of: parsed))
        }
    }

    private static func report(_ error: any Error, as command: (any ParsableCommand.Type)?) -> ExitStatus {
        let place = command.map { "(\(commandPath(of: $0))) " } ?? ""
        switch error {
        case let failure as CommandFailure:
            if !failure.message.isEmpty { Terminal.error("ERROR: \(place)\(failure.message)\n") }
            return failure.status
        case ControlClient.Failure.unreachable(let reason):
            Terminal.error("ERROR: \(place)\(reason)\n")
            return .unreachable
        case ControlClient.Failure.refused(let status):
            Terminal.error("ERROR: \(place)\(status.code.name): \(status.message)\n")
            return .failed
        default:
            let text = fullMessage(for: error)
            guard exitCode(for: error).isSuccess else {
                Terminal.error(text + "\n")
                return .usage
            }
            do throws(CommandFailure) {
                try Terminal.output(text + "\n")
                return .done
            } catch {
                return report(error, as: command)
            }
        }
    }

    /// `dicomexportctl.operations.list`, as gcloud names the command in its errors.
    private static func commandPath(of command: any ParsableCommand.Type) -> String {
        func path(_ parent: any ParsableCommand.Type, _ prefix: String) -> String? {
            let name = prefix + (parent.configuration.commandName ?? "")
            if parent == command { return name }
            return parent.configuration.subcommands.lazy.compactMap { path($0, name + ".") }.first
        }
        return path(RootCommand.self, "") ?? "dicomexportctl"
    }
}
