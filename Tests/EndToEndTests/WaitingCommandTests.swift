import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// The control command while it waits.
    @Suite struct WaitingCommandTests {
        /// A service with a difference, so that a verification takes its time: it looks again for twice `settle`.
        private func slowDaemon(settle: String) throws -> Daemon {
            let daemon = try Daemon(settings: ["settle = \"\(settle)\""])
            try daemon.start()
            try daemon.fill(0..<10)
            try daemon.waitForRows(10)
            try eventually("the stream is current") { try daemon.streamState() == "current" }
            let index = try Connection(path: daemon.state + "/state.db", mode: .readWrite)
            try index.execute("DELETE FROM files WHERE path = CAST('1' AS BLOB)")
            return daemon
        }

        private func start(_ arguments: [String], of daemon: Daemon, output: String) throws -> ChildProcess {
            let child = try ChildProcess(
                [try Daemon.executable("dicomexportctl")] + arguments,
                output: output,
                environment: ["DICOMEXPORT_SOCKET": daemon.socket]
            )
            try eventually("it waits") { try text(output).contains("Waiting for operation") }
            return child
        }

        private func text(_ path: String) throws -> String {
            Files.exists(path) ? String(decoding: try Files.read(path), as: UTF8.self) : ""
        }

        private let verify = ["dicom-stores", "verify", "store", "--bq-table=bq://local.dicom.instances"]

        @Test func `Ctrl-C ends the command and leaves the operation, and says what to do with it`() throws {
            let daemon = try slowDaemon(settle: "30s")
            let output = daemon.file("output")
            let child = try start(verify, of: daemon, output: output)
            child.signal(SIGINT)
            #expect(try child.waitForEnd(within: .seconds(5)) == .signalled(SIGINT))
            let said = try text(output)
            let name = try #require(said.firstMatch(of: /Aborting wait for operation \[(.*)\]\./)?.output.1)
            let id = name.split(separator: "/").last ?? ""
            let flags = "--dataset=dicom --location=local --project=local"
            #expect(said.contains("dicomexportctl operations wait \(id) \(flags)\n"))
            #expect(said.contains("dicomexportctl operations cancel \(id) \(flags)\n"))
            #expect(try !daemon.get("/v1/\(name)")["done"].isTrue)

            let waiting = try start(
                ["operations", "wait", "\(id)"] + flags.split(separator: " ").map { String($0) },
                of: daemon,
                output: daemon.file("waiting")
            )
            let cancel = try ChildProcess(
                [try Daemon.executable("dicomexportctl"), "operations", "cancel", "\(id)"],
                output: daemon.file("cancel"),
                environment: ["DICOMEXPORT_SOCKET": daemon.socket]
            )
            #expect(try cancel.waitForEnd() == .exited(0))
            #expect(try waiting.waitForEnd() == .exited(3))
            #expect(try text(daemon.file("waiting")).contains("\"code\": 1"))
            try daemon.stop()
        }

        @Test func `it waits through a restart of the service`() throws {
            let daemon = try slowDaemon(settle: "30s")
            let output = daemon.file("output")
            let child = try start(verify, of: daemon, output: output)
            let name = try #require(try text(output).firstMatch(of: /operation \[(.*)\]/)?.output.1)
            try eventually("it has asked") { try daemon.get("/v1/\(name)")["metadata"]["counter"] != .null }
            try daemon.kill()
            #expect(child.poll() == nil)
            try daemon.start()
            #expect(try child.waitForEnd() == .exited(0))
            #expect(try text(output).contains("response:\n  '@type': type.googleapis.com/dicomexportd.Verify"))
            try daemon.stop()
        }

        @Test func `what differs is status 1`() throws {
            let daemon = try slowDaemon(settle: "100ms")
            let child = try start(verify, of: daemon, output: daemon.file("output"))
            #expect(try child.waitForEnd() == .exited(1))
            let said = try text(daemon.file("output"))
            #expect(said.contains("IN_DIRECTORY_NOT_IN_INDEX: '1'"))
            #expect(
                said.contains("ERROR: (dicomexportctl.dicom-stores.verify) Directory, index and table do not agree")
            )
            try daemon.stop()
        }

        @Test func `a terminal sees a bar that moves`() throws {
            guard ChildProcess.exists("script") else { return skip("terminals: no script(1) here") }
            let daemon = try slowDaemon(settle: "2s")
            let command = "\(try Daemon.executable("dicomexportctl")) --socket \(daemon.socket) "
            let child = try ChildProcess(
                ["script", "-qec", command + verify.joined(separator: " "), "/dev/null"],
                output: daemon.file("output")
            )
            #expect(try child.waitForEnd() == .exited(1))
            let said = try text(daemon.file("output"))
            #expect(said.contains("\r\u{1B}[K["), "\(said)")
            #expect(said.contains("#] ") || said.contains("# "))
            #expect(said.contains("complete...done.\r\n"))
            try daemon.stop()
        }
    }
}
