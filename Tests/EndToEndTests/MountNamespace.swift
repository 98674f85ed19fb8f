import Glibc
import TestSupport

/// A mount namespace of its own, so that a test can mount without touching the host; nil where the host allows none.
final class MountNamespace {
    private let holder: ChildProcess
    /// What goes before a command to run it inside.
    let enter: [String]

    init?() throws {
        let user = geteuid() == 0 ? [] : ["--user", "--map-root-user"]
        let unshare = ["unshare"] + user + ["--mount", "--propagation", "private"]
        guard (try? ChildProcess.run(unshare + ["true"])) != nil else { return nil }
        let scratch = try TemporaryDirectory("holder")
        holder = try ChildProcess(unshare + ["sh", "-c", "echo ready; exec sleep 3600"], output: scratch / "log")
        try eventually("the namespace is there") { try Files.read(scratch / "log") == Array("ready\n".utf8) }
        let inside = geteuid() == 0 ? [] : ["--user", "--preserve-credentials"]
        enter = ["nsenter", "--target", "\(holder.id)"] + inside + ["--mount", "--"]
    }

    /// Its tree of files as others can reach it.
    var root: String { "/proc/\(holder.id)/root" }

    func run(_ command: [String]) throws {
        try ChildProcess.run(enter + command)
    }

    /// What a command prints.
    func read(_ command: [String]) throws -> String {
        try ChildProcess.run(enter + command)
    }
}
