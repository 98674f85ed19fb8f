import Glibc
import TestSupport
import Testing

@testable import Systemd

/// A fake manager: a datagram socket that `$NOTIFY_SOCKET` names.
@Suite struct NotifierTests {
    private func check(_ datagrams: [String]) throws {
        try #require(datagrams.count == 6)
        #expect(datagrams[0] == "EXTEND_TIMEOUT_USEC=1500000")
        #expect(datagrams[1] == "READY=1\nSTATUS=watching FDSTORE=1  [2J")
        let reload = datagrams[2].split(separator: "\n")
        #expect(reload.first == "RELOADING=1")
        let time = try #require(Int64(reload.last?.split(separator: "=").last ?? ""))
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
        #expect(time <= microseconds && time > microseconds - 60_000_000)
        #expect(datagrams[3].hasPrefix("STATUS=ää") && datagrams[3].hasSuffix("ä…"))
        #expect(datagrams[3].utf8.count <= 7 + 2048)
        #expect(datagrams[4] == "WATCHDOG=1")
        #expect(datagrams[5] == "STOPPING=1")
    }

    @Test func `messages reach a socket in the file system`() throws {
        let directory = try TemporaryDirectory()
        let manager = try UnixSocket(directory.path + "/notify", type: SOCK_DGRAM)
        let output = try Probe.shell("$PROBE notify", environment: ["NOTIFY_SOCKET=\(directory.path)/notify"])
        #expect(output.lines == ["sent"])
        try check(manager.datagrams())
    }

    @Test func `messages reach an abstract socket`() throws {
        let name = "@dicomexportd-test-\(getpid())"
        let manager = try UnixSocket(name, type: SOCK_DGRAM)
        let output = try Probe.shell("$PROBE notify", environment: ["NOTIFY_SOCKET=\(name)"])
        #expect(output.lines == ["sent"])
        try check(manager.datagrams())
    }

    @Test func `without a manager nothing happens`() throws {
        #expect(try Probe.shell("$PROBE notify").lines == ["noManager"])
    }

    @Test func `a manager that is gone is no reason to stop`() throws {
        let output = try Probe.shell("$PROBE notify", environment: ["NOTIFY_SOCKET=/nonexistent/notify"])
        #expect(output.status == 0 && output.lines == ["failed(\(ENOENT))"])
    }

    @Test(arguments: [
        ("WATCHDOG_USEC=3000000 WATCHDOG_PID=$$ exec $PROBE watchdog", "3.0 seconds"),
        ("WATCHDOG_USEC=3000000 exec $PROBE watchdog", "3.0 seconds"),
        ("WATCHDOG_USEC=3000000 WATCHDOG_PID=1 exec $PROBE watchdog", "none"),
        ("WATCHDOG_USEC=never WATCHDOG_PID=$$ exec $PROBE watchdog", "none"),
        ("exec $PROBE watchdog", "none"),
    ])
    func `the watchdog is this process's own`(command: String, expected: String) throws {
        #expect(try Probe.shell(command).lines == [expected])
    }
}
