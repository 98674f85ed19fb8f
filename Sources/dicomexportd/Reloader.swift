internal import Configuration
internal import Logging
internal import ServiceLifecycle
internal import Systemd
internal import UnixSignals

/// Reads the configuration again and puts it in force, or keeps the old one and says why.
struct Reloader: Sendable {
    let pipeline: RunningPipeline
    let source: ConfigurationSource
    let access: AccessControl
    let logger: Logger

    func reload() throws(StartFailure) {
        let patience = StartExtension(Notifier())
        defer { patience.end() }
        do throws(StartFailure) {
            let configuration: ServiceConfiguration
            do throws(ConfigurationErrors) { configuration = try source.load() } catch {
                throw StartFailure(description: "\(error)")
            }
            if configuration != pipeline.current.configuration { try pipeline.replace(by: configuration) }
            access.update(configuration)
        } catch {
            logger.log(JournalCatalogue.reloadRefused, ["reason": "\(error)"])
            throw error
        }
        logger.log(JournalCatalogue.reloaded)
    }
}

/// SIGHUP, for those who are used to it.
struct ReloadSignal: Service {
    let reloader: Reloader
    let notifier: Notifier

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            _ = notifier.reloading()
            // Said in the log; there is nobody else to tell.
            try? reloader.reload()
            _ = notifier.ready()
        }
    }
}
