import ArgumentParser
import ControlSocketClient
import Glibc
import HealthcareAPI
import NIOCore
internal import Vocabulary

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says in one line whether all is well, as a plugin of Nagios, Icinga and others does.",
        discussion: """
            Exit status: 0 OK, 1 WARNING, 2 CRITICAL (also if the service cannot be reached), 3 UNKNOWN (no right to look, wrong \
            usage). A stream that stopped, a file system that is away and too little free space are critical, a stream that waits \
            and whatever else the status calls degraded are warnings. After the bar come figures, each with its limits.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Changes that wait for a table.", valueName: "count"))
    var warningPending: Int64?
    @Option(help: ArgumentHelp("Changes that wait for a table.", valueName: "count"))
    var criticalPending: Int64?
    @Option(help: ArgumentHelp("For how long the oldest of them has waited.", valueName: "seconds"))
    var warningLag: Int64 = 600
    @Option(help: ArgumentHelp("For how long the oldest of them has waited.", valueName: "seconds"))
    var criticalLag: Int64 = 3600
    @Option(help: ArgumentHelp("Files without a row that are new within the last hour.", valueName: "count"))
    var warningFailures: Int64 = 1
    @Option(help: ArgumentHelp("Files without a row that are new within the last hour.", valueName: "count"))
    var criticalFailures: Int64?
    @Option(help: ArgumentHelp("Free bytes. Default: twice minimumFreeSpace.", valueName: "bytes"))
    var warningFree: Int64?
    @Option(help: ArgumentHelp("Free bytes. Default: minimumFreeSpace.", valueName: "bytes"))
    var criticalFree: Int64?
    @Option(help: ArgumentHelp("Since the last scan.", valueName: "seconds"))
    var warningScanAge: Int64?
    @Option(help: ArgumentHelp("Since the last scan.", valueName: "seconds"))
    var criticalScanAge: Int64?
    @Option(help: ArgumentHelp("Deletions that are held.", valueName: "count"))
    var warningHeld: Int64 = 1
    @Option(help: ArgumentHelp("Deletions that are held.", valueName: "count"))
    var criticalHeld: Int64?
    @Option(help: ArgumentHelp("Files out of reach.", valueName: "count"))
    var warningOutOfReach: Int64 = 1
    @Option(help: ArgumentHelp("Files out of reach.", valueName: "count"))
    var criticalOutOfReach: Int64?

    @Option(help: ArgumentHelp("How long to wait for the service.", valueName: "seconds"))
    var timeout: UInt16 = 10

    private var thresholds: CheckThresholds {
        CheckThresholds(
            pending: Threshold(warning: warningPending, critical: criticalPending),
            lag: Threshold(warning: warningLag, critical: criticalLag),
            failures: Threshold(warning: warningFailures, critical: criticalFailures),
            held: Threshold(warning: warningHeld, critical: criticalHeld),
            outOfReach: Threshold(warning: warningOutOfReach, critical: criticalOutOfReach),
            scanAge: Threshold(warning: warningScanAge, critical: criticalScanAge),
            free: Threshold(warning: warningFree, critical: criticalFree)
        )
    }

    func run() async throws {
        let check = await check()
        do throws(CommandFailure) {
            try Terminal.output(check.line + "\n")
        } catch {
            // Of a plugin 1 would be a warning, and 3 says that nobody knows.
            throw CommandFailure(status: .operationFailed, message: error.message)
        }
        guard let status = ExitStatus(rawValue: check.severity.rawValue), status != .done else { return }
        throw CommandFailure(status: status, message: "")
    }

    private func check() async -> HealthCheck {
        var client = global.client
        client.timeout = .seconds(Int64(timeout))
        do throws(ControlClient.Failure) {
            let status = try await client.send(.status, as: ServiceStatus.self)
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let now = Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
            return HealthCheck(status, thresholds, now: now)
        } catch {
            switch error {
            case .unreachable(let reason): return HealthCheck(.critical, reason)
            case .refused(let status):
                // Who may not look knows nothing of the service.
                return HealthCheck(status.code == .permissionDenied ? .unknown : .critical, status.message)
            }
        }
    }
}
