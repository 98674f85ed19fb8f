internal import Configuration
internal import ControlSocket
internal import Glibc
internal import HealthcareAPI
internal import Logging
internal import ServiceLifecycle
internal import StoreIndex
internal import Synchronization
internal import Systemd
internal import UnixSignals

/// The service as a whole: opens everything, then runs until it is told to stop.
struct Daemon {
    private let configuration: ServiceConfiguration
    private let source: ConfigurationSource
    private let logger: Logger

    init(_ configuration: ServiceConfiguration, source: ConfigurationSource) {
        self.configuration = configuration
        self.source = source
        let journalStream = getenv("JOURNAL_STREAM").map { String(cString: $0) }
        logger = Logger(label: "dicomexportd") { _ in
            ServiceLog.handler(identifier: "dicomexportd", journalStream: journalStream)
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        DescriptorLimit.raise()
        StatusReport.begin()
        let activity = Activity()
        let notifier = Notifier()
        let patience = StartExtension(notifier)
        defer { patience.end() }
        let pipeline: RunningPipeline
        let listener: ListeningSocket
        do {
            try StateDirectory.prepare(configuration.stateDirectory)
            let index = try StateDatabase(directory: configuration.stateDirectory)
            pipeline = try RunningPipeline(configuration, index: index, activity: activity, logger: logger)
            listener = try listen()
        } catch {
            throw StartFailure(description: "\(error)")
        }
        let reloader = Reloader(
            pipeline: pipeline,
            source: source,
            access: AccessControl(configuration, logger),
            logger: logger
        )
        do { try pipeline.start() } catch {
            pipeline.stop()
            throw StartFailure(description: "\(error)")
        }
        patience.end()
        let refusals = RefusalCount()
        let server = ControlServer(
            listener: listener,
            service: PipelineControl(
                pipeline: pipeline,
                reloader: reloader,
                notifier: notifier,
                refusals: refusals,
                logger: logger
            ),
            access: { reloader.access.policy },
            refusals: refusals,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: PipelineService(
                            pipeline: pipeline,
                            activity: activity,
                            notifier: notifier,
                            logger: logger
                        )
                    ),
                    .init(service: server),
                    .init(service: ReloadSignal(reloader: reloader, notifier: notifier)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quietLogger
            )
        )
        try await group.run()
    }

    /// The life cycle's own messages say nothing that ours do not.
    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = .error
        return logger
    }

    private func listen() throws -> ListeningSocket {
        if let inherited = try ListenDescriptors.controlSocket() { return try ListeningSocket(inherited: inherited) }
        return try ListeningSocket(path: configuration.controlSocket)
    }
}
