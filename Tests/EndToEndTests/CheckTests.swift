import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// `dicomexportctl check` on a service that something happens to: from OK, and back.
    @Suite struct CheckTests {
        private func check(_ daemon: Daemon) throws -> (ending: ChildProcess.Ending, line: String) {
            let output = try TemporaryDirectory("check")
            let child = try ChildProcess(
                [try Daemon.executable("dicomexportctl"), "check"],
                output: output / "output",
                environment: ["DICOMEXPORT_SOCKET": daemon.socket]
            )
            let ending = try child.waitForEnd()
            return (ending, String(decoding: try Files.read(output / "output"), as: UTF8.self))
        }

        /// Waits until it ends so, with this in its line.
        private func expect(_ ending: CInt, _ text: String, of daemon: Daemon) throws {
            try eventually("check ends with \(ending) and says '\(text)'") {
                let found = try check(daemon)
                return found.ending == .exited(ending) && found.line.contains(text)
                    && found.line.split(separator: "\n").count == 1
            }
        }

        private func running(_ settings: [String] = [], global: [String] = [], files: Int = 3) throws -> Daemon {
            let daemon = try Daemon(settings: settings, global: global)
            try Daemon.put(0..<files, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(files)
            try expect(0, "OK", of: daemon)
            return daemon
        }

        @Test func `a store that is away is critical until it is back`() throws {
            let daemon = try running()
            try Files.rename(daemon.store, to: daemon.store + ".away")
            try expect(2, "a file system is away", of: daemon)
            try Files.rename(daemon.store + ".away", to: daemon.store)
            try expect(0, "OK", of: daemon)
            try daemon.stop()
            try expect(2, "CRITICAL", of: daemon)
        }

        @Test func `a disk below the minimum is critical until there is room`() throws {
            let daemon = try running(global: ["minimumFreeSpace = \"1MiB\""])
            func setMinimum(_ size: String, was old: String) throws {
                let file = daemon.file("dicomexportd.toml")
                let text = String(decoding: try Files.read(file), as: UTF8.self)
                try Files.write(Array(text.replacing("\"\(old)\"", with: "\"\(size)\"").utf8), to: file)
                #expect(try daemon.client.send("POST", "/reload").status == 200)
            }
            try setMinimum("1000000GiB", was: "1MiB")
            try Daemon.put(3..<4, into: daemon.store)
            try expect(2, "free in", of: daemon)
            try setMinimum("1MiB", was: "1000000GiB")
            try daemon.waitForRows(4)
            try expect(0, "OK", of: daemon)
            try daemon.stop()
        }

        @Test func `held deletions are a warning until they are allowed`() throws {
            let daemon = try running(files: 200)
            try daemon.stop()
            for number in 0..<60 { try Files.remove("\(daemon.store)/\(number)") }
            try daemon.start()
            try expect(1, "60 deletions are held", of: daemon)
            _ = try daemon.rescan(allowDeletions: true)
            try expect(0, "OK", of: daemon)
            try daemon.stop()
        }

        @Test func `failures that rise are a warning until they are mended`() throws {
            let daemon = try running()
            try Files.write(InstanceFile("").bytes, to: daemon.store + "/bad")
            try expect(1, "1 files without a row in the last hour", of: daemon)
            try Files.remove(daemon.store + "/bad")
            try expect(0, "OK", of: daemon)
            try daemon.stop()
        }

        @Test func `a stream that stopped is critical until somebody has decided`() throws {
            let daemon = try running()
            try daemon.stop()
            for name in Files.names(in: daemon.state) where name.hasPrefix("state.db") {
                try Files.remove("\(daemon.state)/\(name)")
            }
            try daemon.start()
            try expect(2, "stopped", of: daemon)
            try Connection(path: daemon.database, mode: .readWrite).execute(
                "UPDATE _dicomexportd_streams SET epoch = NULL WHERE table_name = 'instances'"
            )
            try expect(0, "OK", of: daemon)
            try daemon.stop()
        }

        @Test func `a dataset that is malformed is told of until it is restored`() throws {
            let daemon = try running()
            try daemon.stop()
            let copy = daemon.file("copy.db")
            try Connection(path: daemon.database, mode: .readWrite).execute("VACUUM INTO '\(copy)'")
            for name in ["-wal", "-shm"] where Files.exists(daemon.database + name) {
                try Files.remove(daemon.database + name)
            }
            var bytes = try Files.read(copy)
            for place in 100..<4096 { bytes[place] = 0xA5 }
            try Files.write(bytes, to: daemon.database)
            try Daemon.put(3..<4, into: daemon.store)
            try daemon.start()
            try eventually("it is no longer well") {
                let (ending, line) = try check(daemon)
                return (ending == .exited(1) || ending == .exited(2)) && line.contains("bq://local.dicom.instances")
            }
            try daemon.stop()
            for name in ["-wal", "-shm"] where Files.exists(daemon.database + name) {
                try Files.remove(daemon.database + name)
            }
            try Files.copy(copy, to: daemon.database)
            try daemon.start()
            try expect(0, "OK", of: daemon)
            try daemon.waitForRows(4)
            try daemon.stop()
        }
    }
}
