import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Prints the script that makes a shell complete this command."
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let script =
            switch shell {
            case .bash: RootCommand.completionScript(for: .bash)
            case .zsh: RootCommand.completionScript(for: .zsh)
            case .fish: RootCommand.completionScript(for: .fish)
            }
        try Terminal.output(script)
    }
}
