internal import ArgumentParser
internal import Configuration
internal import Glibc
internal import HealthcareAPI
internal import Operations
internal import ServiceRuntime
internal import Vocabulary

/// The service: reads its configuration, then runs until it is told to stop.
@main
struct Dicomexportd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicomexportd",
        abstract: "Watches DICOM stores and appends the metadata of every instance to SQLite tables.",
        discussion: """
            Without --store, the configuration file says what to watch. Exit status: 0 it was told to stop; 1 it could \
            not start or go on, standard error or the journal says why; 64 wrong usage; 78 the configuration is wrong.
            """,
        version: ProductVersion.current
    )

    @Option(help: "The configuration file.")
    var config = ServiceConfiguration.defaultPath

    @Flag(help: "Read the configuration file, say what is wrong with it, and exit.")
    var checkConfig = false

    @Option(help: "Watch this directory, without a configuration file. Needs --state.")
    var store: String?

    @Option(help: "Keep state, tables and control socket in this directory.")
    var state: String?

    static func main() async {
        do {
            var command = try parseAsRoot()
            if let service = command as? Dicomexportd { try await service.run() } else { try command.run() }
        } catch {
            guard exitCode(for: error).isSuccess else { exit(withError: error) }
            // Help, version and completion scripts: what could not be written is no success.
            print(fullMessage(for: error))
            guard fflush(nil) == 0 else {
                StandardError.print(
                    "dicomexportd: cannot write to standard output: \(String(cString: strerror(errno)))"
                )
                Self.exit(withError: ExitStatus.failure.code)
            }
        }
    }

    func validate() throws {
        if (store == nil) != (state == nil) { throw ValidationError("--store and --state belong together.") }
    }

    func run() async throws {
        let configuration: ServiceConfiguration
        do throws(ConfigurationErrors) {
            configuration = try source.load()
        } catch {
            StandardError.print("dicomexportd: \(error)")
            throw ExitStatus.configuration.code
        }
        // What the rules for names of tables refuse, such as the ID of a dataset.
        do throws(InvalidName) { _ = try ServiceSettings(configuration) } catch {
            StandardError.print("dicomexportd: \(error)")
            throw ExitStatus.configuration.code
        }
        if checkConfig { return }
        do {
            try await Daemon(configuration, source: source).run()
        } catch let failure as StartFailure {
            StandardError.print("dicomexportd: \(failure)")
            throw ExitStatus.failure.code
        }
    }

    private var source: ConfigurationSource {
        guard let store, let state else {
            return .file(config, stateDirectory: getenv("STATE_DIRECTORY").map { String(cString: $0) })
        }
        return .local(store: Self.absolute(store), state: Self.absolute(state))
    }

    /// Paths on the command line are relative to where it is typed. One that is not there yet keeps its spelling.
    private static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else {
            guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
            defer { free(directory) }
            return String(cString: directory) + "/" + path
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
