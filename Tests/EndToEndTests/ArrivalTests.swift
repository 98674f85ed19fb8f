import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    @Suite struct ArrivalTests {
        @Test func `files that are there, and files that arrive, become rows`() throws {
            let daemon = try Daemon()
            try Files.write(InstanceFile("1.2.3.10", mark: "before").bytes, to: daemon.store + "/before.dcm")
            try daemon.start()
            try daemon.waitForRows(1)
            try Files.makeDirectories(daemon.store + "/a/b")
            try Files.writeAndRename(InstanceFile("1.2.3.11", mark: "renamed").bytes, to: daemon.store + "/a/b/one.dcm")
            let rows = try daemon.waitForRows(2)
            #expect(rows.map(\.mark) == ["before", "renamed"])
            #expect(rows.map(\.path) == ["before.dcm", "a/b/one.dcm"])
            #expect(rows.map(\.instance) == ["1.2.3.10", "1.2.3.11"])
            #expect(rows.map(\.type) == ["CREATE", "CREATE"])
            #expect(rows.map(\.size) == [InstanceFile("1.2.3.10", mark: "before").bytes.count, rows[1].size])
            try eventually("the counters follow") { try daemon.counters() == Counters(success: 2) }
            try daemon.stop()
            #expect(try Table(daemon).rows() == rows)
        }

        @Test func `the service goes on where it was after a restart`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try daemon.waitForRows(1)
            try daemon.stop()
            try Files.write(InstanceFile("1.2.3.2").bytes, to: daemon.store + "/2")
            try Files.write(InstanceFile("1.2.3.1", mark: "second").bytes, to: daemon.store + "/1")
            try daemon.start()
            try daemon.waitForRows(3)
            try eventually("the counters follow") { try daemon.counters() == Counters(success: 3) }
            try daemon.stop()
            let rows = try Table(daemon).rows()
            #expect(rows.map(\.instance).sorted() == ["1.2.3.1", "1.2.3.1", "1.2.3.2"])
            #expect(Set(rows.map(\.updated)).count == 3, "each entry of the log has its own time")
        }

        @Test(arguments: [SIGTERM, SIGKILL])
        func `restarts before and between files change nothing`(signal: CInt) throws {
            let daemon = try Daemon()
            for number in 1...3 {
                for _ in 0..<3 {
                    try daemon.start()
                    try eventually("the stream is current; \(try daemon.status())") { try daemon.isSettled() }
                    daemon.process?.signal(signal)
                    try daemon.process?.waitForEnd(within: .seconds(10))
                }
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: "\(daemon.store)/\(number)")
                try daemon.start()
                try daemon.waitForRows(number)
                try daemon.stop()
            }
            #expect(try Table(daemon).rows().map(\.instance) == ["1.2.3.1", "1.2.3.2", "1.2.3.3"])
        }

        @Test func `touches, rescans and renames make no rows; copies, replacements and deletions do`() throws {
            let daemon = try Daemon()
            try daemon.start()
            let file = daemon.store + "/file"
            try Files.write(InstanceFile("1.2.3.1").bytes, to: file)
            try daemon.waitForRows(1)
            try Files.check(utimes(file, nil), "utimes")
            try Files.rename(file, to: daemon.store + "/renamed")
            try Files.copy(daemon.store + "/renamed", to: daemon.store + "/copy")
            let copied = try daemon.waitForRows(2)
            #expect(copied.map(\.path) == ["file", "copy"])
            #expect(copied.map(\.type) == ["CREATE", "CREATE"])

            // One of two paths of the instance goes, that of the latest row: the other one is the latest version from now on.
            try Files.remove(daemon.store + "/copy")
            let left = try daemon.waitForRows(3)
            #expect(left.last?.type == "CREATE")
            #expect(left.last?.path == "renamed")
            #expect(try daemon.storeStatus["files"].integer == 1)
            try Files.writeAndRename(InstanceFile("1.2.3.1", mark: "second").bytes, to: daemon.store + "/renamed")
            let replaced = try daemon.waitForRows(4)
            #expect(replaced.last?.mark == "second")
            #expect(replaced.last?.path == "renamed")

            // Another instance at the path: the first is gone, and says so first.
            try Files.writeAndRename(InstanceFile("1.2.3.2", mark: "other").bytes, to: daemon.store + "/renamed")
            let other = try daemon.waitForRows(6)
            #expect(other[4...].map(\.type) == ["DELETE", "CREATE"])
            #expect(other[4...].map(\.instance) == ["1.2.3.1", "1.2.3.2"])

            try Files.remove(daemon.store + "/renamed")
            let last = try daemon.waitForRows(7)
            #expect(last.last?.type == "DELETE")
            #expect(last.last?.instance == "1.2.3.2")
            #expect(last.last?.study == "1.2.3.1")
            #expect(last.last?.mark == nil)
            try eventually("rows of Type DELETE count") { try daemon.counters() == Counters(success: 7) }
            #expect(last.map(\.updated) == last.map(\.updated).sorted())
        }

        @Test func `a thousand instances from storescu through storescp become a thousand rows`() throws {
            guard ChildProcess.exists("storescp"), ChildProcess.exists("storescu"), ChildProcess.exists("dcmdump")
            else {
                return skip("storescp into the store: DCMTK is not installed")
            }
            let daemon = try Daemon()
            let outbox = try TemporaryDirectory("out")
            for association in 0..<4 {
                try Files.makeDirectory(outbox / "\(association)")
                for number in 0..<250 {
                    var file = InstanceFile("1.2.3.\(association).\(number)", mark: "\(association)/\(number)")
                    (file.study, file.series) = ("1.2.3.9\(association)", "1.2.3.9\(association).\(number / 50)")
                    try Files.write(file.bytes, to: outbox / "\(association)/\(number)")
                }
            }
            try daemon.start()
            let receiver = try StoreReceiver(into: daemon.store, log: outbox / "log")
            let senders = try (0..<4).map { try receiver.send(outbox / "\($0)", log: outbox / "sent\($0)") }
            for sender in senders { #expect(try sender.waitForEnd(within: .seconds(120)) == .exited(0)) }

            let rows = try daemon.waitForRows(1000)
            try eventually("the counters follow") { try daemon.counters() == Counters(success: 1000) }
            #expect(rows.count == 1000)
            let dumped = try Dump.identifiers(in: daemon.store)
            #expect(dumped.count == 1000)
            #expect(Set(rows.map { [$0.study, $0.series, $0.instance] }) == Set(dumped))
            #expect(try daemon.failures().isEmpty)
            try daemon.stop()
        }
    }
}
