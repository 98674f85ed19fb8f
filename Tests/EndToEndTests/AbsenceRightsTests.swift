import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// Files and directories that may not be read: their rows stay, and all else goes on.
    @Suite struct AbsenceRightsTests {
        private func start(_ count: Int, in directory: String = "") throws -> Daemon {
            let daemon = try Daemon()
            try Daemon.put(0..<count, into: daemon.store + directory)
            try daemon.start(wrapper: Daemon.withoutOverride)
            try daemon.waitForRows(count)
            return daemon
        }

        private func setMode(_ path: String, _ mode: mode_t) throws {
            try Files.check(chmod(path, mode), "chmod \(path)")
        }

        @Test func `files whose rights are taken away keep their rows, and have them back when they are given`() throws
        {
            let daemon = try start(150)
            for number in 0..<100 { try setMode("\(daemon.store)/\(number)", 0) }
            let rescan = try daemon.rescan()
            #expect(rescan["error"] == .null)
            #expect(rescan["response"]["outOfReachFiles"].integer == 100)
            #expect(try Table(daemon).count() == 150)
            #expect(try daemon.isDegraded())
            #expect(try Set(daemon.failures().map { $0["code"].string }) == ["UNREADABLE"])
            // One of them is deleted: the kernel tells of that all the same.
            try Files.remove(daemon.store + "/0")
            #expect(try daemon.waitForRows(151).last?.instance == "1.2.3.0")
            for number in 1..<100 { try setMode("\(daemon.store)/\(number)", 0o644) }
            try eventually("all are in reach") { try daemon.outOfReach() == 0 && !daemon.isDegraded() }
            #expect(try daemon.failures().isEmpty)
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 151)
            try daemon.stop()
        }

        @Test func `a directory that cannot be read holds up no deletion elsewhere, and ends no rescan in error`()
            throws
        {
            let daemon = try start(20)
            try Daemon.put(100..<110, into: daemon.store + "/closed")
            try daemon.waitForRows(30)
            try daemon.stop()
            for number in 0..<5 { try Files.remove("\(daemon.store)/\(number)") }
            try setMode(daemon.store + "/closed", 0)
            try daemon.start(wrapper: Daemon.withoutOverride)
            let rows = try daemon.waitForRows(35)
            #expect(Set(rows[30...].map(\.instance)) == Set((0..<5).map { "1.2.3.\($0)" }))
            #expect(try daemon.rescan()["error"] == .null)
            #expect(try daemon.outOfReach() == 10)
            #expect(try daemon.metric("unread_directories") == 1)
            #expect(try daemon.failures().map { $0["code"].string } == ["UNREAD_DIRECTORY"])
            try setMode(daemon.store + "/closed", 0o755)
            try eventually("all is well") { try daemon.rescan()["error"] == .null && !daemon.isDegraded() }
            #expect(try Table(daemon).count() == 35)
            try daemon.stop()
        }

        @Test func `a directory that may be listed and not searched is one reason, not thousands`() throws {
            let daemon = try start(2000, in: "/a")
            try setMode(daemon.store + "/a", 0o644)
            #expect(try daemon.rescan()["response"]["outOfReachFiles"].integer == 2000)
            #expect(try daemon.failures().count == 1)
            #expect(try daemon.deletions() == 0)
            try setMode(daemon.store + "/a", 0o755)
            try eventually("all is well") { try daemon.rescan()["error"] == .null && !daemon.isDegraded() }
            try daemon.stop()
        }

        @Test func `a file with several names has its rights back by all of them, whichever they are given by`() throws
        {
            let daemon = try start(1)
            for name in ["a", "b"] { try Files.hardLink(daemon.store + "/0", to: "\(daemon.store)/\(name)") }
            try daemon.waitForRows(3)
            try setMode(daemon.store + "/a", 0)
            #expect(try daemon.rescan()["response"]["outOfReachFiles"].integer == 3)
            // Attempts come after 1, 3, 7 and 15 seconds: what is seen in between is not theirs.
            let since = try daemon.metric("out_of_reach_since_seconds")
            try eventually("the next attempt is seconds away") { time(nil) - since > 8 }
            try setMode(daemon.store + "/b", 0o644)
            try eventually("all are in reach", within: .seconds(3)) { try daemon.outOfReach() == 0 }
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 3)
            try daemon.stop()
        }

        @Test func `a file with several names that is written to and closed to us is out of reach by all of them`()
            throws
        {
            let daemon = try start(1)
            for name in ["a", "b"] { try Files.hardLink(daemon.store + "/0", to: "\(daemon.store)/\(name)") }
            try daemon.waitForRows(3)
            try Files.write(InstanceFile("1.2.3.0", mark: "second").bytes, to: daemon.store + "/a", split: 200) {
                try setMode(daemon.store + "/a", 0)
            }
            // No scan is due for an hour.
            try eventually("all names are out of reach") { try daemon.outOfReach() == 3 }
            try setMode(daemon.store + "/b", 0o644)
            let rows = try daemon.waitForRows(6)
            #expect(Set(rows[3...].map(\.mark)) == ["second"])
            #expect(Set(rows[3...].map(\.path)) == ["0", "a", "b"])
            try eventually("all are in reach") { try daemon.outOfReach() == 0 }
            try daemon.stop()
        }

        @Test func `a file with several names that comes back closed to us is out of reach by all of them`() throws {
            let daemon = try start(1)
            try Files.makeDirectory(daemon.store + "/d")
            try Files.hardLink(daemon.store + "/0", to: daemon.store + "/d/a")
            try daemon.waitForRows(2)
            let outside = daemon.file("outside")
            try Files.rename(daemon.store + "/d", to: outside)
            try eventually("one name is left") { try daemon.storeStatus["files"].integer == 1 }
            try Files.write(InstanceFile("1.2.3.0", mark: "second").bytes, to: outside + "/a")
            try setMode(outside + "/a", 0)
            try Files.rename(outside, to: daemon.store + "/d")
            // No scan is due for an hour.
            try eventually("both names are out of reach") { try daemon.outOfReach() == 2 }
            try setMode(daemon.store + "/0", 0o644)
            try eventually("both have the latest row") {
                try Set(Table(daemon).rows().filter { $0.mark == "second" }.map(\.path)) == ["0", "d/a"]
            }
            try eventually("both are in reach") { try daemon.outOfReach() == 0 }
            try daemon.stop()
        }

        @Test func `files that a disk fails to read keep their rows, and are in reach when it is well`() throws {
            guard (try? ChildProcess.run(["strace", "-f", "-e", "trace=pread64", "true"])) != nil else {
                return skip("a disk that fails: strace does not work here")
            }
            let daemon = try Daemon()
            try Daemon.put(0..<150, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(150)
            try daemon.stop()
            // Written again as they were: each has to be read to know that.
            try Daemon.put(0..<100, into: daemon.store)
            let inject = [
                "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64", "-e", "inject=pread64:error=EIO",
            ]
            try daemon.start(wrapper: inject + (0..<100).flatMap { ["-P", "\(daemon.store)/\($0)"] })
            try eventually("they are out of reach") { try daemon.outOfReach() == 100 }
            #expect(try daemon.reasons().contains("Input/output error"))
            #expect(try daemon.rescan()["response"]["heldDeletions"].integer == 0)
            #expect(try Table(daemon).count() == 150)
            try daemon.stopTraced()
            try daemon.start()
            try eventually("all are in reach") { try daemon.outOfReach() == 0 && !daemon.isDegraded() }
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 150)
            try daemon.stop()
        }

        @Test func `a path that is too long is told of, and holds up no deletion elsewhere`() throws {
            let daemon = try Daemon()
            try Daemon.put(0..<30, into: daemon.store)
            let name = String(repeating: "n", count: 250)
            var parent = open(daemon.store, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            for _ in 0..<18 {
                try Files.check(mkdirat(parent, name, 0o755), "mkdirat")
                let next = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                close(parent)
                parent = next
            }
            close(parent)
            defer { _ = try? ChildProcess.run(["rm", "-rf", "\(daemon.store)/\(name)"]) }
            try daemon.start()
            try daemon.waitForRows(30)
            try daemon.stop()
            for number in 0..<5 { try Files.remove("\(daemon.store)/\(number)") }
            try daemon.start()
            let rows = try daemon.waitForRows(35)
            #expect(Set(rows[30...].map(\.instance)) == Set((0..<5).map { "1.2.3.\($0)" }))
            #expect(try daemon.rescan()["response"]["unreadDirectories"].integer == 1)
            #expect(try daemon.failures().map { $0["code"].string } == ["UNREAD_DIRECTORY"])
            #expect(try daemon.reasons().contains("File name too long"))
            // Two levels less, and all of it can be read.
            try Files.rename("\(daemon.store)/\(name)/\(name)/\(name)", to: daemon.store + "/n")
            try eventually("all is well") { try daemon.rescan()["error"] == .null && !daemon.isDegraded() }
            #expect(try Table(daemon).count() == 35)
            try daemon.stop()
        }

        @Test func `lost+found is no reason to be degraded`() throws {
            let daemon = try Daemon()
            try Files.makeDirectory(daemon.store + "/lost+found")
            try setMode(daemon.store + "/lost+found", 0)
            try Daemon.put(0..<5, into: daemon.store)
            try daemon.start(wrapper: Daemon.withoutOverride)
            try daemon.waitForRows(5)
            try eventually("the scan has ended") { try daemon.storeStatus["scan"]["errors"].integer == 1 }
            #expect(try daemon.reasons() == "")
            #expect(try daemon.failures().map { $0["code"].string } == ["UNREAD_DIRECTORY"])
            try setMode(daemon.store + "/lost+found", 0o755)
            try daemon.stop()
        }

        @Test func `rights that are given after a file was closed are seen at once`() throws {
            let daemon = try Daemon()
            try daemon.start(wrapper: Daemon.withoutOverride)
            for number in 0..<20 {
                let path = "\(daemon.store)/\(number)"
                try Files.write([], to: path)
                try setMode(path, 0o200)
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: path)
                try setMode(path, 0o644)
            }
            try Files.write(InstanceFile("1.2.3.99").bytes, to: daemon.store + "/closed")
            try setMode(daemon.store + "/closed", 0)
            // No scan is due for an hour.
            try daemon.waitForRows(20)
            try setMode(daemon.store + "/closed", 0o644)
            try eventually("the last one is there, once") {
                try Table(daemon).rows().filter { $0.instance == "1.2.3.99" }.count == 1
            }
            #expect(try daemon.counters().failure == 0)
            try daemon.stop()
        }
    }
}
