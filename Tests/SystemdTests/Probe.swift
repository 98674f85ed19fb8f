import Glibc
import TestSupport
import Testing

/// Runs `SystemdProbe`, which is built beside the tests, in a process with an environment of its own.
enum Probe {
    struct Output {
        var status: CInt
        var lines: [String]
    }

    /// The built program.
    static var path: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let executable = String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return executable.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/SystemdProbe"
    }

    /// The repository's root, from this file's own path.
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// Runs a command of `/bin/sh` with `$PROBE` set, and nothing else in the environment but what is given.
    ///
    /// What is given as `descriptor` the command finds as descriptor 3. The lines are those of output and error together.
    static func shell(
        _ command: String,
        environment: [String] = [],
        descriptor: CInt? = nil
    ) throws -> Output {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/output"
        let output = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(output >= 0)
        defer { close(output) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }
        let variables = ["PROBE=\(path)", "PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"] + environment
        var arguments = copies(["/bin/sh", "-c", command])
        var environment = copies(variables)
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, "/bin/sh", &actions, nil, &arguments, &environment)
        try #require(result == 0)
        var status: CInt = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let text = contents(of: output)
        return Output(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F),
            lines: text.split(separator: "\n").map(String.init)
        )
    }

    /// C strings with the NULL that ends them, to be freed by the caller.
    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { text in strdup(text) } + [nil]
    }

    private static func contents(of descriptor: CInt) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
