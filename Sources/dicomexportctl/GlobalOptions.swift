import ArgumentParser
import ControlSocketClient
import Glibc

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    static let defaultSocket = "/run/dicomexportd/control.sock"

    @Option(help: "The service's control socket. Default: $DICOMEXPORT_SOCKET, then \(GlobalOptions.defaultSocket).")
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "How results are written: yaml, json, table, csv, csv[safe], or value(FIELD,…).",
            discussion: """
                table and csv take fields as well: table(name.basename():label=ID,done). csv[safe] is for spreadsheets: what \
                they would take for a formula begins with an apostrophe.
                """
        )
    )
    var format: OutputFormat?

    var client: ControlClient {
        let environment = getenv("DICOMEXPORT_SOCKET").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        return ControlClient(socket: socket ?? environment ?? Self.defaultSocket)
    }

    /// Moves options that stand before the command behind it, where the command's own parser finds them, and takes
    /// `[alpha|beta] healthcare` away: with these words a command is gcloud's own.
    static func hoisted(_ arguments: [String]) -> [String] {
        var moved: [String] = []
        var rest = arguments[...]
        let track = rest.first == "alpha" || rest.first == "beta" ? 1 : 0
        if rest.dropFirst(track).first == "healthcare" { rest = rest.dropFirst(track + 1) }
        while let first = rest.first {
            if first == "--socket" || first == "--format", rest.count > 1 {
                moved += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if first.hasPrefix("--socket=") || first.hasPrefix("--format=") {
                moved.append(first)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return Array(rest[..<end]) + moved + Array(rest[end...])
    }
}
