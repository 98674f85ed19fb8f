import Glibc
import Testing

@testable import Systemd

/// Where the log goes, with a real journald where that can be had.
@Suite struct LogHandlerTests {
    private static let first =
        "instance failed code=TRUNCATED offset=4096 sopInstanceUID=1.2.3"
        + " store=projects/p/locations/l/datasets/d/dicomStores/s"

    @Test(arguments: ["", "JOURNAL_STREAM=1:2", "JOURNAL_STREAM=x"])
    func `without a journal each event is a line`(variable: String) throws {
        let output = try Probe.shell("$PROBE log", environment: variable.isEmpty ? [] : [variable])
        try #require(output.lines.count == 2)
        #expect(output.lines[0] == "error: " + Self.first)
        #expect(output.lines[1].hasPrefix(#"warning: two\nlines list="[a, b c]" long=xxx"#))
        #expect(output.lines[1].hasSuffix("x… store=projects/p/locations/l/datasets/d/dicomStores/s"))
        #expect(output.lines[1].utf8.count < 1300)
    }

    @Test(arguments: [nil, "", "1", "1:2:3", "1:", ":1", "a:b", "-1:2", "99999999999999999999:1"])
    func `a malformed variable is no journal`(value: String?) {
        #expect(!ServiceLog.isJournal(0, journalStream: value))
    }

    @Test func `the variable must be about the descriptor`() throws {
        var status = stat()
        try #require(fstat(0, &status) == 0)
        #expect(ServiceLog.isJournal(0, journalStream: "\(status.st_dev):\(status.st_ino)"))
        #expect(!ServiceLog.isJournal(0, journalStream: "\(status.st_dev):\(status.st_ino &+ 1)"))
        #expect(!ServiceLog.isJournal(9999, journalStream: "\(status.st_dev):\(status.st_ino)"))
    }

    @Test func `in the journal metadata are fields`() throws {
        let script = Probe.root + "/packaging/with-journald"
        guard geteuid() == 0, access("/lib/systemd/systemd-journald", X_OK) == 0 else {
            print("SKIPPED: a journald of one's own needs root and systemd")
            return
        }
        let inside = """
            systemd-cat sh -c 'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec $PROBE log'
            journalctl --sync
            journalctl --directory="$JOURNAL_DIRECTORY" --output=export -t dicomexportd-probe
            """
        let output = try Probe.shell("exec \(script) sh -c \"$COMMANDS\"", environment: ["COMMANDS=\(inside)"])
        if output.status == 125 {
            print("SKIPPED: no journald here: \(output.lines)")
            return
        }
        let lines = output.lines.filter { !$0.hasPrefix("_") }
        #expect(output.status == 0)
        for line in [
            "PRIORITY=3", "SYSLOG_IDENTIFIER=dicomexportd-probe", "MESSAGE=" + Self.first,
            "MESSAGE_ID=0db15d4e8f0c4f6a9d266b1c3c1ae001", "DICOMEXPORT_CODE=TRUNCATED", "DICOMEXPORT_OFFSET=4096",
            "DICOMEXPORT_SOP_INSTANCE_UID=1.2.3",
            "DICOMEXPORT_STORE=projects/p/locations/l/datasets/d/dicomStores/s", "PRIORITY=4",
            "DICOMEXPORT_LIST=[a, b c]", "DICOMEXPORT_LONG=" + String(repeating: "x", count: 1021) + "…",
        ] {
            #expect(lines.contains(line))
        }
        #expect(lines.count { $0.hasPrefix("MESSAGE=") } == 2)
    }
}
