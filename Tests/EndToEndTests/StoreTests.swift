import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// What goes wrong around the service: the store, the index, a second service.
    @Suite struct StoreTests {
        @Test func `a store that is unmounted is not a store that was emptied`() throws {
            guard let namespace = try MountNamespace() else { return skip("unmounting: no mount namespaces here") }
            let daemon = try Daemon()
            let disk = try TemporaryDirectory("disk")
            for number in 0..<20 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: disk / "\(number)")
            }
            try namespace.run(["mount", "--bind", disk.path, daemon.store])
            try daemon.start(wrapper: namespace.enter)
            try daemon.waitForRows(20)
            try eventually("all is settled") { try daemon.isSettled() }

            // Lazily: the service's own descriptors would otherwise keep it busy.
            try namespace.run(["umount", "--lazy", daemon.store])
            try eventually("the status says so") { try daemon.isDegraded() }
            #expect(try daemon.reasons().isEmpty == false)
            #expect(try Table(daemon).count() == 20, "no DELETE")

            // Somebody writes into the directory below the mount point, and the service is restarted meanwhile.
            try daemon.stop()
            try daemon.start(wrapper: namespace.enter)
            try eventually("the status still says so") { try daemon.isDegraded() }
            #expect(try Table(daemon).count() == 20, "no DELETE")

            try namespace.run(["mount", "--bind", disk.path, daemon.store])
            try Files.write(InstanceFile("1.2.3.99", mark: "after").bytes, to: disk / "99")
            let rows = try daemon.waitForRows(21)
            #expect(rows.last?.mark == "after")
            #expect(rows.allSatisfy { $0.type == "CREATE" })
            try eventually("all is well again") { try !daemon.isDegraded() && daemon.isSettled() }
            try daemon.stop()
        }

        @Test func `deletions of more than a fifth of a store are held until somebody decides`() throws {
            let daemon = try Daemon()
            let elsewhere = try TemporaryDirectory("elsewhere")
            for number in 0..<150 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(150)
            try daemon.stop()
            for number in 0..<150 { try Files.rename("\(daemon.store)/\(number)", to: elsewhere / "\(number)") }
            try daemon.start()
            try eventually("the status says that deletions are held") {
                try daemon.isDegraded() && daemon.storeStatus["heldDeletions"].integer > 0
            }
            #expect(try Table(daemon).count() == 150)
            // New files go on being exported.
            try Files.write(InstanceFile("1.2.3.200", mark: "new").bytes, to: daemon.store + "/200")
            #expect(try daemon.waitForRows(151).last?.mark == "new")

            // Half of them come back: these were never gone.
            for number in 0..<75 { try Files.rename(elsewhere / "\(number)", to: "\(daemon.store)/\(number)") }
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 151)

            let answer = try daemon.client.send(
                "POST",
                "\(daemon.storeName):rescan",
                body: "{\"allowDeletions\": true}"
            )
            #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
            let rows = try daemon.waitForRows(151 + 75)
            #expect(Set(rows[151...].map(\.type)) == ["DELETE"])
            #expect(Set(rows[151...].map(\.instance)) == Set((75..<150).map { "1.2.3.\($0)" }))
            try eventually("all is well again") { try !daemon.isDegraded() }
            try daemon.stop()
        }

        @Test func `a directory that cannot be read is not a directory that is empty`() throws {
            guard geteuid() != 0 else { return skip("unreadable directories: root reads everything") }
            let daemon = try Daemon(settings: ["rescanInterval = \"1s\""])
            try Files.makeDirectory(daemon.store + "/closed")
            for number in 0..<5 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/closed/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(5)
            try Files.check(chmod(daemon.store + "/closed", 0), "chmod")
            defer { chmod(daemon.store + "/closed", 0o755) }
            try eventually("the status says so") { try daemon.isDegraded() }
            #expect(try Table(daemon).count() == 5)
        }

        @Test func `an older state that was restored stops the stream, loudly`() throws {
            let daemon = try Daemon()
            for number in 0..<10 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(10)
            try daemon.stop()
            let backup = try TemporaryDirectory("backup")
            let files = Files.names(in: daemon.state).filter { $0.hasPrefix("state.db") }
            for name in files { try Files.copy("\(daemon.state)/\(name)", to: backup / name) }
            try daemon.start()
            for number in 10..<15 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.waitForRows(15)
            try daemon.stop()

            for name in Files.names(in: daemon.state) where name.hasPrefix("state.db") {
                try Files.remove("\(daemon.state)/\(name)")
            }
            for name in files { try Files.copy(backup / name, to: "\(daemon.state)/\(name)") }
            // More arrive than the log has lost: the cursor must not be overtaken unseen.
            for number in 15..<40 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try expectStopped(daemon, rows: 15)
            try daemon.stop()
            try daemon.start()
            try expectStopped(daemon, rows: 15)
        }

        @Test func `a state that was deleted stops the stream, loudly`() throws {
            let daemon = try Daemon()
            for number in 0..<10 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(10)
            try daemon.stop()
            for name in Files.names(in: daemon.state) where name.hasPrefix("state.db") {
                try Files.remove("\(daemon.state)/\(name)")
            }
            try daemon.start()
            try expectStopped(daemon, rows: 10)
        }

        private func expectStopped(_ daemon: Daemon, rows: Int) throws {
            try eventually("the stream has stopped; \(try daemon.status())") { try daemon.streamState() == "stopped" }
            #expect(try daemon.isDegraded())
            #expect(try daemon.reasons().lowercased().contains("rebuild"), "the way on is named")
            // It stays so, whatever arrives.
            let known = try daemon.storeStatus["change"].integer
            try Files.write(InstanceFile("1.2.3.1000", mark: "after \(known)").bytes, to: daemon.store + "/later")
            try eventually("the log goes on") { try daemon.storeStatus["change"].integer > known }
            #expect(try daemon.streamState() == "stopped")
            #expect(try Table(daemon).count() == rows)
        }

        @Test func `a stream whose table was deleted starts anew`() throws {
            let daemon = try Daemon()
            for number in 0..<10 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(10)
            try daemon.stop()
            for name in Files.names(in: daemon.state + "/warehouse/local") where name.hasPrefix("dicom.db") {
                try Files.remove("\(daemon.state)/warehouse/local/\(name)")
            }
            try daemon.start()
            let rows = try daemon.waitForRows(10)
            #expect(Set(rows.map(\.instance)).count == 10)
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 10)
            try daemon.stop()
        }
    }

    @Suite struct ServiceTests {
        @Test func `a second service on the same state refuses to start`() throws {
            let daemon = try Daemon()
            try daemon.start()
            let output = try TemporaryDirectory("second")
            let second = try ChildProcess(
                [try Daemon.executable("dicomexportd"), "--store", daemon.store, "--state", daemon.state],
                output: output / "log"
            )
            let ending = try second.waitForEnd(within: .seconds(10))
            guard case .exited(let status) = ending else { throw TestFailure("\(ending)") }
            #expect(status != 0)
            // The first one has not been disturbed.
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try daemon.waitForRows(1)
            try daemon.stop()
        }

        @Test func `the socket of a service that was killed is taken over`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.kill()
            #expect(Files.exists(daemon.socket))
            try daemon.start()
            try daemon.stop()
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func `it ends cleanly in the midst of work`(signal: CInt) throws {
            let daemon = try Daemon()
            for number in 0..<2000 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(1)
            daemon.process?.signal(signal)
            #expect(try daemon.process?.waitForEnd(within: .seconds(10)) == .exited(0))
            let rows = try Table(daemon).count()
            try daemon.start()
            try daemon.waitForRows(2000)
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 2000)
            #expect(try daemon.counters() == Counters(success: 2000))
            #expect(rows < 2000, "it was in the midst of work")
            try daemon.stop()
        }

        @Test func `a restart over an unchanged store opens none of its files`() throws {
            guard (try? ChildProcess.run(["strace", "-f", "-e", "trace=openat2", "true"])) != nil else {
                return skip("files opened at start: strace does not work here")
            }
            let daemon = try Daemon()
            try Files.makeDirectories(daemon.store + "/deep/deeper")
            for number in 0..<200 {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: "\(daemon.store)/deep/deeper/\(number).dcm")
            }
            try daemon.start()
            try daemon.waitForRows(200)
            try daemon.stop()
            // Entries that are younger than two seconds when they are logged are looked at once more.
            try daemon.ageFiles()
            try daemon.start()
            try eventually("the scan ended") { try daemon.isSettled() }
            try daemon.stop()

            let trace = try TemporaryDirectory("trace")
            let tracer = ["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace / "calls"]
            try daemon.start(wrapper: tracer)
            try eventually("the scan ended") { try daemon.isSettled() }
            // The tracer passes no signal on: its child gets it.
            try daemon.stopTraced()
            let calls = String(decoding: try Files.read(trace / "calls"), as: UTF8.self)
            #expect(calls.contains("openat2") || calls.contains("openat"))
            #expect(calls.split(separator: "\n").filter { $0.contains(".dcm\"") } == [])
            #expect(try Table(daemon).count() == 200)
        }

        @Test func `nothing that names a patient is logged`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try Files.makeDirectory(daemon.store + "/MUSTER_MAX")
            try Files.write(InstanceFile("1.2.3.1", mark: "MUSTER_MAX").bytes, to: daemon.store + "/MUSTER_MAX/1")
            try Files.write([UInt8](repeating: 0x41, count: 500), to: daemon.store + "/MUSTER_MAX/2")
            try Files.write(Array(InstanceFile("1.2.3.2").bytes.prefix(200)), to: daemon.store + "/MUSTER_MAX/3")
            try daemon.waitForRows(1)
            try daemon.waitUntilSettled()
            let status = try daemon.client.send("GET", "/status").body
            try daemon.stop()
            for text in [daemon.tail(1 << 20), String(decoding: status, as: UTF8.self)] {
                #expect(!text.contains("MUSTER_MAX"))
                #expect(!text.contains("Test^Only"))
            }
        }
    }
}
