// Runs one part of Systemd in a process of its own, for the tests: libsystemd reads the environment and fixed descriptors.
import Glibc
import Logging
import Systemd

switch CommandLine.arguments.dropFirst().first {
case "notify":
    let notifier = Notifier()
    notifier.extendTimeout(by: .milliseconds(1500))
    notifier.ready(status: "watching\nFDSTORE=1 \u{1b}[2J")
    notifier.reloading()
    notifier.status(String(repeating: "ä", count: 3000))
    notifier.watchdog()
    print(notifier.stopping())
case "watchdog":
    print(WatchdogInterval.enabled().map { "\($0.timeout)" } ?? "none")
case "listen":
    do throws(ListenError) {
        print(try ListenDescriptors.controlSocket().map { "socket \($0)" } ?? "none")
        print(getenv("LISTEN_FDS") == nil ? "unset" : "set")
    } catch {
        print(error)
    }
case "log":
    let stream = getenv("JOURNAL_STREAM").map { String(cString: $0) }
    var logger = Logger(label: "probe") { _ in
        ServiceLog.handler(identifier: "dicomexportd-probe", journalStream: stream)
    }
    logger[metadataKey: LogKey.store] = "projects/p/locations/l/datasets/d/dicomStores/s"
    let failed = JournalMessage(id: 0x0db1_5d4e_8f0c_4f6a_9d26_6b1c_3c1a_e001, level: .error, text: "instance failed")
    logger.log(failed, [LogKey.code: "TRUNCATED", "sopInstanceUID": "1.2.3", "offset": "\(4096)"])
    logger.debug("never shown")
    logger.warning("two\nlines", metadata: ["list": ["a", "b c"], "long": "\(String(repeating: "x", count: 5000))"])
default:
    exit(2)
}
