internal import Dispatch
internal import Systemd

/// Asks the service manager for patience while something that it waits for takes long: a log to be recovered after power loss,
/// watches on millions of directories, a reload with the same.
///
/// It has a limit, since a file system that never answers is not a long recovery.
final class StartExtension {
    private static let step = 10
    /// What is asked for each time: three steps, so that one late message does no harm.
    private static let request = Duration.seconds(30)
    private static let limit = 1800
    private let timer: any DispatchSourceTimer

    /// Asks until `end` is called. On a queue of its own: the threads of Swift's pool may all be busy with the work itself.
    init(_ notifier: Notifier) {
        let end = DispatchTime.now() + .seconds(Self.limit)
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "dicomexportd.start"))
        timer.schedule(deadline: .now(), repeating: .seconds(Self.step))
        timer.setEventHandler {
            guard DispatchTime.now() < end else { return }
            notifier.extendTimeout(by: Self.request)
        }
        timer.resume()
        self.timer = timer
    }

    func end() { timer.cancel() }
}
