import Glibc
import TestSupport
import Testing

@testable import Systemd

/// Socket activation, as the manager does it: descriptor 3 and three variables.
@Suite struct ListenDescriptorsTests {
    private let activated = "LISTEN_PID=$$ LISTEN_FDS=1 exec $PROBE listen"

    @Test func `a listening stream socket is taken once`() throws {
        let directory = try TemporaryDirectory()
        let socket = try UnixSocket(directory.path + "/socket", type: SOCK_STREAM)
        try #require(listen(socket.descriptor, 1) == 0)
        let output = try Probe.shell(activated, descriptor: socket.descriptor)
        #expect(output.lines == ["socket 3", "unset"])
    }

    @Test func `another kind of socket is refused`() throws {
        let directory = try TemporaryDirectory()
        let expected = ListenError.notListening.description
        let deaf = try UnixSocket(directory.path + "/socket", type: SOCK_STREAM)
        #expect(try Probe.shell(activated, descriptor: deaf.descriptor).lines == [expected])
        let datagrams = try UnixSocket(directory.path + "/notify", type: SOCK_DGRAM)
        #expect(try Probe.shell(activated, descriptor: datagrams.descriptor).lines == [expected])
    }

    @Test func `several sockets are refused`() throws {
        let command = "exec 4</dev/null; LISTEN_PID=$$ LISTEN_FDS=2 exec $PROBE listen"
        let output = try Probe.shell(command, descriptor: 0)
        #expect(output.lines == [ListenError.severalSockets(2).description])
    }

    @Test func `another process's sockets are left alone`() throws {
        #expect(try Probe.shell("LISTEN_PID=1 LISTEN_FDS=1 exec $PROBE listen").lines.first == "none")
        #expect(try Probe.shell("$PROBE listen").lines == ["none", "unset"])
    }
}
