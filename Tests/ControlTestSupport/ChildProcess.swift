import ControlSocket
import Glibc

/// Runs a command to its end.
package struct ChildProcess: Sendable {
    package var status: Int32
    package var output: String
    package var error: String

    /// The command is looked up in PATH; the environment is added to this process's.
    package static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ChildProcess {
        try await blocking { try runBlocking(arguments, environment) }
    }

    private static func runBlocking(_ arguments: [String], _ environment: [String: String]) throws -> ChildProcess {
        let output = try temporaryFile()
        let error = try temporaryFile()
        defer {
            close(output)
            close(error)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO)
        var pointers = arguments.map { strdup($0) } + [nil]
        let inherited = (0...).lazy.map { environ[$0] }.prefix { $0 != nil }.map { $0.flatMap { strdup($0) } }
        var variables = Array(inherited) + environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (pointers + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let number = posix_spawnp(&pid, arguments[0], &actions, nil, &pointers, &variables)
        guard number == 0 else { throw SocketError("posix_spawn \(arguments[0])", number) }
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let exited = status & 0x7F == 0
        return ChildProcess(
            status: exited ? status >> 8 & 0xFF : -(status & 0x7F),
            output: contents(of: output),
            error: contents(of: error)
        )
    }

    /// A file rather than a pipe: no reader is needed while the command runs.
    private static func temporaryFile() throws -> CInt {
        var template = Array("/tmp/dicomexport-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SocketError("mkstemp", errno) }
        unlink(template)
        return descriptor
    }

    private static func contents(of descriptor: CInt) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        lseek(descriptor, 0, SEEK_SET)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }
}
