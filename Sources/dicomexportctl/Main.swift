import Glibc

@main
enum Main {
    static func main() async {
        exit(await RootCommand.run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }
}
