internal import HealthcareAPI
internal import Logging
internal import Operations
internal import Pipeline
internal import ServiceLifecycle
internal import Systemd

/// Keeps the pipeline running and tells the service manager how it is.
struct PipelineService: Service {
    let pipeline: RunningPipeline
    let activity: Activity
    let notifier: Notifier
    let logger: Logger
    private static let reportInterval = Duration.seconds(5)

    func run() async throws {
        _ = notifier.ready(status: status)
        logger.log(JournalCatalogue.started, ["version": "\(ProductVersion.current)"])
        await withTaskGroup { group in
            group.addTask { await reportWhileBusy() }
            if let watchdog = WatchdogInterval.enabled() { group.addTask { await guardProgress(watchdog) } }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        logger.log(JournalCatalogue.stopping)
        _ = notifier.stopping(status: "stopping")
        pipeline.stop()
    }

    /// A status line after whatever happened, and every few seconds while work goes on; an idle service is left alone.
    private func reportWhileBusy() async {
        for await _ in activity.events {
            var last: StatusLine?
            while last != statusLine, !Task.isCancelled {
                last = statusLine
                _ = notifier.status(status)
                try? await Task.sleep(for: Self.reportInterval)
            }
        }
    }

    private func guardProgress(_ watchdog: WatchdogInterval) async {
        var isStalled = false
        while !Task.isCancelled {
            let running = pipeline.current
            running.log.flush()
            if running.service.isAlive() {
                isStalled = false
                _ = notifier.watchdog()
            } else if !isStalled {
                isStalled = true
                logger.log(JournalCatalogue.stalled)
            }
            try? await Task.sleep(for: watchdog.checkInterval)
        }
    }

    private var statusLine: StatusLine { StatusLine(pipeline.current.service) }
    private var status: String { statusLine.description }
}
