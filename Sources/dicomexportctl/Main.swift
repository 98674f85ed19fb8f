import Glibc

@main
enum Main {
    static func main() async {
        // A closed pipe is an error of write(), so that all commands end alike.
        signal(SIGPIPE, SIG_IGN)
        exit(await RootCommand.run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }
}
