import Dispatch
import Glibc
import HealthcareAPI

/// Ctrl-C while an operation is waited for ends the command, not the operation; it says how to follow or cancel it.
struct WaitInterruption {
    private let source: any DispatchSourceSignal

    init(_ name: OperationName) {
        let flags =
            "--dataset=\(name.dataset.dataset) --location=\(name.dataset.location) --project=\(name.dataset.project)"
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            Terminal.error(
                """

                Aborting wait for operation [\(name)].
                It goes on. To follow it:  dicomexportctl operations wait \(name.id) \(flags)
                To end it:                 dicomexportctl operations cancel \(name.id) \(flags)

                """
            )
            // The shell is to see that it was the signal: a loop around the command ends as well.
            signal(SIGINT, SIG_DFL)
            kill(getpid(), SIGINT)
        }
        source.activate()
    }

    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
