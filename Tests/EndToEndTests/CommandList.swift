import Glibc
import TestSupport

/// The commands of `Clients/commands.txt`.
struct CommandList {
    struct Command {
        var name: String
        var status: CInt = 0
        /// Regular expressions of all that is printed; empty for nothing.
        var output = ""
        var error = ""
        /// The command is repeated until its output holds this.
        var awaited: String?
        var lines: [String] = []
    }

    let commands: [Command]

    init() throws {
        let directory = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let text = String(decoding: try Files.read(directory + "/Clients/commands.txt"), as: UTF8.self)
        var commands: [Command] = []
        var isCommand = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("== ") {
                commands.append(Command(name: String(line.dropFirst(3))))
                isCommand = false
                continue
            }
            guard !commands.isEmpty else { continue }
            let last = commands.count - 1
            if isCommand {
                commands[last].lines.append(String(line))
                continue
            }
            let words = line.split(separator: " ", maxSplits: 1).map { String($0) }
            let value = words.count > 1 ? words[1] : ""
            switch words.first {
            case "status": commands[last].status = CInt(value) ?? -1
            case "output": commands[last].output = value
            case "error": commands[last].error = value
            case "repeat": commands[last].awaited = value
            case "$": isCommand = true
            case nil: break
            case let word?: throw TestFailure("'\(word)' in \(commands[last].name)")
            }
        }
        self.commands = commands
    }
}

extension CommandList.Command {
    /// The command with the page's capitals replaced, the longest names first.
    func filled(_ values: [String: String]) -> CommandList.Command {
        func fill(_ text: String) -> String {
            values.sorted { $0.key.count > $1.key.count }.reduce(text) { $0.replacing($1.key, with: $1.value) }
        }
        var command = self
        command.lines = lines.map(fill)
        command.output = fill(output)
        command.error = fill(error)
        return command
    }

    /// Runs the command in a directory by bash, where `gcloud` is the control command and a bucket a directory.
    func run(in directory: String, control: String, bucket: String) throws -> (
        ending: ChildProcess.Ending, output: String, error: String
    ) {
        let script = """
            gcloud() { if [ "$1" = auth ]; then echo none; else \(control) "$@"; fi; }
            gsutil() { cp "$2" '\(bucket)'; }
            cd '\(directory)' || exit 99
            exec 2>'\(directory)/.error'
            \(lines.joined(separator: "\n"))
            """
        for file in [".output", ".error"] { unlink("\(directory)/\(file)") }
        let child = try ChildProcess(["bash", "-c", script], output: "\(directory)/.output")
        let ending = try child.waitForEnd(within: .seconds(120))
        func text(_ name: String) throws -> String {
            String(decoding: try Files.read("\(directory)/\(name)"), as: UTF8.self)
        }
        return (ending, try text(".output"), try text(".error"))
    }
}
