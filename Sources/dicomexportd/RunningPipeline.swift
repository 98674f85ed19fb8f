internal import Configuration
internal import Logging
internal import Operations
internal import Pipeline
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import Synchronization
internal import Systemd
internal import Vocabulary
internal import Warehouse

/// The pipeline that runs, and how another configuration takes its place.
final class RunningPipeline: Sendable {
    struct Running: Sendable {
        var service: ServicePipeline
        var configuration: ServiceConfiguration
        /// When the configuration was read, microseconds since 1970.
        var configured: UnixMicroseconds
        var log: EventLog
    }

    private let index: StateDatabase
    private let logger: Logger
    private let activity: Activity
    private let running: Mutex<Running>
    /// One reload at a time.
    private let reloading = Mutex(false)

    init(_ configuration: ServiceConfiguration, index: StateDatabase, activity: Activity, logger: Logger) throws {
        self.index = index
        self.logger = logger
        self.activity = activity
        running = Mutex(try Self.make(configuration, index, activity, logger))
    }

    var current: Running { running.withLock { $0 } }

    /// Arms the watches and starts the threads; nothing that lands afterwards is missed.
    func start() throws { try current.service.start() }

    func stop() { current.service.stop() }

    /// Puts another configuration in force, or leaves the old one.
    ///
    /// The threads end and start again: what lands in between is found by the scan that every start makes.
    func replace(by configuration: ServiceConfiguration) throws(StartFailure) {
        let isAlone = reloading.withLock { isReloading in
            defer { isReloading = true }
            return !isReloading
        }
        guard isAlone else { throw StartFailure(description: "a reload is under way") }
        defer { reloading.withLock { $0 = false } }
        let old = current
        if let fixed = Self.fixedKey(old.configuration, configuration) {
            throw StartFailure(description: "'\(fixed)' cannot be changed while the service runs; restart it")
        }
        // Checked before anything is stopped.
        do throws(InvalidName) { _ = try ServiceSettings(configuration) } catch {
            throw StartFailure(description: "\(error)")
        }
        old.service.stop()
        do {
            try run(configuration)
        } catch {
            let reason = "\(error)"
            do { try run(old.configuration) } catch { throw StartFailure(description: "\(reason); then: \(error)") }
            throw StartFailure(description: reason)
        }
    }

    private func run(_ configuration: ServiceConfiguration) throws {
        let new = try Self.make(configuration, index, activity, logger)
        running.withLock { $0 = new }
        do { try new.service.start() } catch {
            new.service.stop()
            throw error
        }
    }

    private static func make(
        _ configuration: ServiceConfiguration,
        _ index: StateDatabase,
        _ activity: Activity,
        _ logger: Logger
    ) throws -> Running {
        let log = EventLog(logger: logger, showsPaths: configuration.logPaths)
        let service = try ServicePipeline(try ServiceSettings(configuration), index: index) { event in
            log.write(event)
            activity.happened()
        }
        return Running(service: service, configuration: configuration, configured: WallClock.microseconds, log: log)
    }

    /// The first key that differs and that only a restart can change.
    private static func fixedKey(_ old: ServiceConfiguration, _ new: ServiceConfiguration) -> String? {
        if old.stateDirectory != new.stateDirectory { return "stateDirectory" }
        if old.controlSocket != new.controlSocket { return "controlSocket" }
        return nil
    }
}
