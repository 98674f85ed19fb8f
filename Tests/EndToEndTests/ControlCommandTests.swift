import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    @Suite struct ControlCommandTests {
        /// Exit status and output of `dicomexportctl`.
        private func control(_ arguments: [String], of daemon: Daemon) throws -> (
            ending: ChildProcess.Ending, text: String
        ) {
            try control(of: daemon, [try Daemon.executable("dicomexportctl")] + arguments)
        }

        /// Exit status and output of a command that knows the service's socket.
        private func control(of daemon: Daemon, _ command: [String]) throws -> (
            ending: ChildProcess.Ending, text: String
        ) {
            let output = try TemporaryDirectory("ctl")
            let child = try ChildProcess(
                command,
                output: output / "output",
                environment: ["DICOMEXPORT_SOCKET": daemon.socket]
            )
            let ending = try child.waitForEnd()
            return (ending, String(decoding: try Files.read(output / "output"), as: UTF8.self))
        }

        /// A service that has a row for one file, and none for another.
        private func daemonWithAFailure() throws -> Daemon {
            let daemon = try Daemon()
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try Files.write([UInt8](repeating: 0x41, count: 300), to: daemon.store + "/text")
            try daemon.start()
            try daemon.waitForRows(1)
            try eventually("the text is skipped") { try daemon.failures().count == 1 }
            return daemon
        }

        @Test func `it shows stores, operations, failures and the status`() throws {
            let daemon = try daemonWithAFailure()
            try eventually("the counters follow") { try daemon.counters() == Counters(success: 1) }

            let status = try control(["status"], of: daemon)
            #expect(status.ending == .exited(0))
            #expect(status.text.contains("running"))

            let stores = try control(["dicom-stores", "list", "--format=value(name)"], of: daemon)
            #expect(stores.ending == .exited(0))
            #expect(stores.text == "projects/local/locations/local/datasets/dicom/dicomStores/store\n")

            let store = try control(["dicom-stores", "describe", "store", "--format=json"], of: daemon)
            #expect(store.ending == .exited(0))
            let destination = try JSON(Array(store.text.utf8))["streamConfigs"].items.first?["bigqueryDestination"]
            #expect(destination?["tableUri"].string == "bq://local.dicom.instances")

            let failures = try control(["dicom-stores", "failures", "store", "--format=csv(code,path)"], of: daemon)
            #expect(failures.ending == .exited(0))
            #expect(failures.text.contains("NOT_DICOM,text"))

            let operations = try control(["operations", "list", "--format=value(name)"], of: daemon)
            #expect(operations.ending == .exited(0))
            let name = operations.text.split(separator: "\n").first.map { String($0) } ?? ""
            let operation = try control(["operations", "describe", name], of: daemon)
            #expect(operation.ending == .exited(0))
            #expect(operation.text.contains("apiMethodName: dicomexportd.StreamDicomData_bq"))
            #expect(operation.text.contains("success: '1'"))
            try daemon.stop()
        }

        /// Each verb, with arguments by which it has something to print.
        private static let verbs = [
            ["dicom-stores", "list"], ["dicom-stores", "describe", "store"], ["dicom-stores", "metrics", "store"],
            ["dicom-stores", "rescan", "store"],
            ["dicom-stores", "verify", "store", "--bq-table=bq://local.dicom.instances"],
            ["dicom-stores", "failures", "store"],
            ["dicom-stores", "locate", "store", "1.2.3.1"],
            ["dicom-stores", "export", "bq", "store", "--bq-table=bq://local.dicom.copy", "--overwrite-table"],
            ["operations", "list"], ["operations", "describe", "ID"], ["operations", "wait", "ID"],
            ["operations", "cancel", "ID", "--quiet"], ["tables", "list"],
            ["tables", "describe", "local.dicom.instances"],
            ["tables", "schema", "local.dicom.instances"], ["tables", "export", "local.dicom.instances"],
            ["query", "SELECT Type FROM local.dicom.instances"], ["status"], ["check"], ["reload"],
            ["completion", "bash"],
        ]

        @Test func `a result that cannot be written is a failure of every verb`() throws {
            // The verbs as the command itself lists them: a new one has to be here.
            let child = try ChildProcess.run([try Daemon.executable("dicomexportctl"), "--experimental-dump-help"])
            func leaves(_ command: JSON, _ path: [String]) -> [[String]] {
                let below = command["subcommands"].items.filter { $0["commandName"].string != "help" }
                return below.isEmpty ? [path] : below.flatMap { leaves($0, path + [$0["commandName"].string ?? ""]) }
            }
            let listed = leaves(try JSON(Array(child.utf8))["command"], [])
            #expect(listed.count == Self.verbs.count)
            for verb in listed { #expect(Self.verbs.contains { $0.starts(with: verb) }, "\(verb)") }

            let daemon = try daemonWithAFailure()
            let rescan = try control(["dicom-stores", "rescan", "store", "--format=value(name)"], of: daemon)
            let id = rescan.text.split { $0.isNewline || $0 == "/" }.last.map { String($0) } ?? ""
            let silent = [["reload"], ["operations", "cancel"]]
            let usual = Self.verbs + [["--version"], ["--help"], ["status", "--help"]]
            for verb in usual.map({ $0.map { $0 == "ID" ? id : $0 } })
            where !silent.contains(where: { verb.starts(with: $0) }) {
                let script = "exec '\(try Daemon.executable("dicomexportctl"))' \"$@\" >"
                // Of a plugin 3 says that nobody knows.
                let expected: CInt = verb == ["check"] ? 3 : 1
                let full = try control(of: daemon, ["sh", "-c", script + "/dev/full", "sh"] + verb)
                #expect(full.ending == .exited(expected), "\(verb): \(full.text)")
                #expect(
                    full.text.contains("Cannot write to standard output: No space left on device"),
                    "\(verb): \(full.text)"
                )
                let closed = try control(of: daemon, ["sh", "-c", script + "&-", "sh"] + verb)
                #expect(closed.ending == .exited(expected), "\(verb): \(closed.text)")
            }
            try daemon.stop()
            for option in ["--version", "--help"] {
                let script = "exec '\(try Daemon.executable("dicomexportd"))' \(option) > /dev/full"
                let full = try control(of: daemon, ["sh", "-c", script])
                #expect(
                    full.ending == .exited(1) && full.text.contains("cannot write to standard output"),
                    "\(full.text)"
                )
            }
        }

        @Test func `a reader that has seen enough ends a verb with the status of SIGPIPE, and no message`() throws {
            let daemon = try Daemon()
            let command = try Daemon.executable("dicomexportctl")
            // The reader is gone before the command starts.
            let script = "exec 3> >(exec true); wait $!; exec '\(command)' completion bash >&3"
            let result = try control(of: daemon, ["bash", "-c", script])
            #expect(result.ending == .exited(141) && result.text.isEmpty, "\(result.text)")
        }

        @Test func `its exit status says what went wrong`() throws {
            let daemon = try Daemon()
            #expect(try control(["status"], of: daemon).ending == .exited(4))
            #expect(try control(["no-such-verb"], of: daemon).ending == .exited(2))
            try daemon.start()
            let unknown = try control(
                ["operations", "describe", "projects/local/locations/local/datasets/dicom/operations/1"],
                of: daemon
            )
            #expect(unknown.ending == .exited(1))
            #expect(unknown.text.contains("NOT_FOUND"))
            try daemon.stop()
        }
    }
}
