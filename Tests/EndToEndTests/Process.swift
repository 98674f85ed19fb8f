import Glibc
import TestSupport

/// A program that a test has started; killed, if it still runs, when nothing refers to it any more.
final class ChildProcess {
    enum Ending: Equatable {
        case exited(CInt)
        case signalled(CInt)
    }

    let id: pid_t
    private(set) var ending: Ending?

    /// Starts `arguments[0]`, found along `PATH`; what it prints is appended to the file `output`.
    init(_ arguments: [String], output: String, environment: [String: String] = [:]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        var settings: [UnsafeMutablePointer<CChar>?] = Self.environment(adding: environment).map { strdup($0) }
        settings.append(nil)
        defer { for word in words + settings { free(word) } }
        var id = pid_t()
        let code = posix_spawnp(&id, arguments[0], &actions, nil, words, settings)
        guard code == 0 else { throw TestFailure("cannot start \(arguments[0]): \(String(cString: strerror(code)))") }
        self.id = id
    }

    deinit {
        if ending == nil {
            kill(id, SIGKILL)
            kill(id, SIGCONT)
            var status = CInt()
            waitpid(id, &status, 0)
        }
    }

    func signal(_ number: CInt) {
        if poll() == nil { kill(id, number) }
    }

    /// Stops all of its threads, until it gets SIGCONT.
    func suspend() throws {
        signal(SIGSTOP)
        try eventually("all threads are stopped") {
            try Files.names(in: "/proc/\(id)/task").allSatisfy { thread in
                // The state stands behind the name, which is in brackets (proc(5)).
                let text = String(decoding: try Files.read("/proc/\(id)/task/\(thread)/stat"), as: UTF8.self)
                return text.contains(") T ")
            }
        }
    }

    /// How it ended, or nil while it runs.
    func poll() -> Ending? {
        if let ending { return ending }
        var status = CInt()
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        ending = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
        return ending
    }

    @discardableResult
    func waitForEnd(within limit: Duration = .seconds(30)) throws -> Ending {
        try eventually("process \(id) ends", within: limit) { poll() }
    }

    /// Runs a program to its end and returns what it printed; throws if it fails.
    @discardableResult
    static func run(_ arguments: [String], within limit: Duration = .seconds(120)) throws -> String {
        let output = try TemporaryDirectory("run")
        let child = try ChildProcess(arguments, output: output / "output")
        let ending = try child.waitForEnd(within: limit)
        let text = String(decoding: try Files.read(output / "output"), as: UTF8.self)
        guard ending == .exited(0) else {
            throw TestFailure("\(arguments.joined(separator: " ").prefix(200)): \(ending)\n\(text.suffix(2000))")
        }
        return text
    }

    /// Whether a program of that name is found along `PATH`.
    static func exists(_ name: String) -> Bool {
        (Environment.variable("PATH") ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    private static func environment(adding more: [String: String]) -> [String] {
        var lines: [String] = []
        var next = environ
        while let line = next.pointee {
            let text = String(cString: line)
            let name = String(text.prefix { $0 != "=" })
            if more[name] == nil { lines.append(text) }
            next += 1
        }
        return lines + more.map { "\($0.key)=\($0.value)" }
    }
}
