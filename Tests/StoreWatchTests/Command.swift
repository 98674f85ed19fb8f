import Glibc
import StoreWatch

/// Runs other programs, and this very test in other name spaces.
enum Command {
    struct Failed: Error { var status: CInt }

    /// Runs a program to its end.
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let status = try status(of: program, arguments, environment: environment)
        guard status == 0 else { throw Failed(status: status) }
    }

    static func status(
        of program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> CInt {
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"] where variables[name] == nil {
            variables[name] = getenv(name).map { String(cString: $0) }
        }
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, program, nil, nil, &argv, &envp)
        guard result == 0 else { throw Errno(rawValue: result) }
        var status: CInt = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw Errno.current }
        }
        return status
    }

    private static let marker = "STOREWATCH_TEST_NAMESPACE"

    /// Whether this process was started by `rerun`.
    static var isInNamespace: Bool { getenv(marker) != nil }

    /// Whether user name spaces can be had here; a container or a hardened kernel may refuse.
    static let hasNamespaces = !isInNamespace && (try? status(of: unshare, ["-U", "-r", "-m", "true"])) == 0

    private static let unshare = "/usr/bin/unshare"

    /// Runs a suite of this binary again as root of name spaces of its own, after a shell has prepared them.
    static func rerun(_ suite: String, prepare script: String = ":") throws {
        let arguments = ["--testing-library", "swift-testing", "--filter", suite]
        try run(
            unshare,
            ["-U", "-r", "-m", "sh", "-c", script + "\nexec \"$0\" \"$@\"", try binary()] + arguments,
            environment: [marker: "1"]
        )
    }

    /// Runs a suite of this binary again as a user without rights.
    static func rerunUnprivileged(_ suite: String) throws {
        let arguments = ["--testing-library", "swift-testing", "--filter", suite]
        let user = ["--reuid=65534", "--regid=65534", "--clear-groups"]
        try run("/usr/bin/setpriv", user + [try binary()] + arguments, environment: [marker: "1"])
    }

    private static func binary() throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try check(readlink("/proc/self/exe", &buffer, buffer.count))
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
