package import ControlSocket
import Glibc
package import HealthcareAPI
import Logging
import NIOCore
import ServiceLifecycle
internal import TestSupport

/// A real server on a real socket in a directory of its own, for the time of a test.
package enum TestServer {
    /// No limit of time that a busy machine could reach: for tests of anything but these limits.
    package static var patient: ControlLimits {
        var limits = ControlLimits()
        limits.idle = .hours(1)
        limits.request = .hours(1)
        limits.shutdown = .seconds(3600)
        return limits
    }

    /// Runs `body` while the server serves; ends both, and hands on what either throws.
    package static func with<Result: Sendable>(
        _ service: any ControlService,
        limits: ControlLimits = patient,
        access: AccessPolicy = AccessPolicy(),
        refusals: RefusalCount = RefusalCount(),
        _ body: @Sendable @escaping (_ socket: String) async throws -> Result
    ) async throws -> Result {
        try await withDirectory { directory in
            let path = directory + "/control.sock"
            let server = ControlServer(
                listener: try ListeningSocket(path: path),
                service: service,
                access: { access },
                limits: limits,
                refusals: refusals,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            return try await run(server) { try await body(path) }
        }
    }

    /// Runs a server until `body` is over, then shuts it down as SIGTERM would.
    package static func run<Result: Sendable>(
        _ server: ControlServer,
        _ body: @Sendable @escaping () async throws -> Result
    ) async throws -> Result {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Swift.Result<Result, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    package static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let directory = try TemporaryDirectory()
        // Other users' clients must get to the socket.
        chmod(directory.path, 0o755)
        let result = try await body(directory.path)
        withExtendedLifetime(directory) {}
        return result
    }
}
