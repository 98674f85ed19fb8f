import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// What is absent is the instance, not the file.
    @Suite struct AbsenceCopyTests {
        @Test func `every instance sent again under another name, the old files removed, is no absence`() throws {
            let daemon = try Daemon()
            try Daemon.put(0..<120, into: daemon.store + "/old")
            try daemon.start()
            try daemon.waitForRows(120)
            try daemon.stop()
            // A migration by copy and remove, while the service is down.
            try Daemon.put(0..<120, into: daemon.store + "/new", mark: "again")
            for number in 0..<120 { try Files.remove("\(daemon.store)/old/\(number)") }
            try daemon.start()
            let rows = try daemon.waitForRows(240)
            try daemon.waitUntilSettled()
            #expect(try daemon.held() == 0)
            #expect(try daemon.deletions() == 0)
            #expect(Set(rows[120...].map(\.mark)) == ["again"])
            // A deletion after it is followed.
            try Files.remove(daemon.store + "/new/7")
            #expect(try daemon.waitForRows(241).last?.type == "DELETE")
            try daemon.stop()
        }

        @Test func `an archive that stores what DCMTK sends again under a new name, and removes the old one`() throws {
            guard ChildProcess.exists("storescp"), ChildProcess.exists("storescu") else {
                return skip("instances that are sent again: DCMTK is not installed")
            }
            let daemon = try Daemon()
            let (outbox, inbox) = (try TemporaryDirectory("out"), try TemporaryDirectory("in"))
            try Daemon.put(0..<120, into: outbox.path)
            try daemon.start()
            let receiver = try StoreReceiver(into: inbox.path, log: outbox / "log")
            func send(_ round: Int) throws {
                let sent = try TemporaryDirectory("sent")
                for name in Files.names(in: outbox.path) where Int(name) != nil {
                    try Files.write(InstanceFile("1.2.3.\(name)", mark: "round \(round)").bytes, to: sent / name)
                }
                #expect(
                    try receiver.send(sent.path, log: outbox / "log").waitForEnd(within: .seconds(60)) == .exited(0)
                )
                for name in Files.names(in: inbox.path) {
                    let place = name.reversed().prefix(3).map { String($0) }.joined()
                    try Files.makeDirectories("\(daemon.store)/\(round)/\(place)")
                    try Files.copy(inbox / name, to: "\(daemon.store)/\(round)/\(place)/\(name).part")
                    try Files.rename(
                        "\(daemon.store)/\(round)/\(place)/\(name).part",
                        to: "\(daemon.store)/\(round)/\(place)/\(name)"
                    )
                    try Files.remove(inbox / name)
                }
            }
            try send(1)
            try daemon.waitForRows(120)
            for round in 2...3 {
                try send(round)
                try daemon.waitForRows(120 * round)
                Files.removeTree("\(daemon.store)/\(round - 1)")
                try daemon.waitUntilSettled()
            }
            #expect(try daemon.deletions() == 0)
            #expect(try daemon.held() == 0)
            #expect(try Table(daemon).count() == 360)
            try daemon.stop()
        }

        @Test func `of two files of one instance the one that is left has the latest row`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try Files.writeAndRename(InstanceFile("1.2.3.1", mark: "old").bytes, to: daemon.store + "/a")
            try daemon.waitForRows(1)
            try Files.writeAndRename(InstanceFile("1.2.3.1", mark: "new").bytes, to: daemon.store + "/b")
            try daemon.waitForRows(2)
            try Files.remove(daemon.store + "/b")
            let rows = try daemon.waitForRows(3)
            #expect(rows.last?.mark == "old")
            #expect(rows.last?.path == "a")
            #expect(rows.last?.type == "CREATE")
            try Files.remove(daemon.store + "/a")
            #expect(try daemon.waitForRows(4).last?.type == "DELETE")
            #expect(try daemon.counters() == Counters(success: 4))
            try daemon.stop()
        }

        @Test func `a file with two names that is rewritten by one of them is new at both`() throws {
            let daemon = try Daemon(settings: ["settle = \"50ms\""])
            try daemon.start()
            try Files.writeAndRename(InstanceFile("1.2.3.1", mark: "old").bytes, to: daemon.store + "/a")
            try daemon.waitForRows(1)
            try Files.hardLink(daemon.store + "/a", to: daemon.store + "/b")
            try daemon.waitForRows(2)
            try Files.write(InstanceFile("1.2.3.1", mark: "new").bytes, to: daemon.store + "/b")
            let rows = try daemon.waitForRows(4)
            #expect(Set(rows[2...].map(\.path)) == ["a", "b"])
            #expect(Set(rows[2...].map(\.mark)) == ["new"])
            try daemon.stop()
        }

        @Test func `a file that is rewritten by a name that is gone before anybody looked is new at the other`() throws
        {
            let daemon = try Daemon()
            try daemon.start()
            try Files.writeAndRename(InstanceFile("1.2.3.1", mark: "old").bytes, to: daemon.store + "/a")
            try daemon.waitForRows(1)
            try Files.hardLink(daemon.store + "/a", to: daemon.store + "/b")
            try daemon.waitForRows(2)
            try daemon.waitUntilSettled()
            try daemon.process?.suspend()
            try Files.write(InstanceFile("1.2.3.1", mark: "new").bytes, to: daemon.store + "/a")
            try Files.remove(daemon.store + "/a")
            daemon.process?.signal(SIGCONT)
            // No scan is due for an hour.
            try eventually("the latest row is of what is there") {
                let last = try Table(daemon).rows().last
                return last?.path == "b" && last?.mark == "new" && last?.type == "CREATE"
            }
            try daemon.waitUntilSettled()
            #expect(try daemon.deletions() == 0)
            try daemon.stop()
        }

        @Test func `a file with two names that is touched by one of them is what it was at both`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try Files.writeAndRename(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/a")
            try daemon.waitForRows(1)
            try Files.hardLink(daemon.store + "/a", to: daemon.store + "/b")
            try daemon.waitForRows(2)
            try daemon.waitUntilSettled()
            let times = [timeval(), timeval()]
            try Files.check(utimes(daemon.store + "/a", times), "utimes")
            try daemon.waitUntilSettled()
            // Without a scan in between, which would find it.
            let body = "{\"tableUri\": \"bq://local.dicom.instances\"}"
            let answer = try daemon.client.send("POST", "\(daemon.storeName):verify", body: body)
            let end = try daemon.waitForEnd(of: answer.json["name"].string ?? "")
            #expect(end["response"]["differenceCounts"] == .null, "\(end)")
            #expect(try Table(daemon).count() == 2)
            try daemon.stop()
        }

        @Test func `a spool through which files go is never held`() throws {
            let daemon = try Daemon()
            try Daemon.put(0..<110, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(110)
            for number in 1000..<1400 {
                let path = "\(daemon.store)/\(number)"
                try Files.writeAndRename(InstanceFile("1.2.3.\(number)").bytes, to: path)
                if number >= 1020 { try Files.remove("\(daemon.store)/\(number - 20)") }
            }
            try daemon.waitUntilSettled()
            #expect(try daemon.held() == 0)
            // All of them at once, and all of what was there: the kernel tells of each.
            for number in Array(0..<110) + Array(1380..<1400) { try Files.remove("\(daemon.store)/\(number)") }
            try eventually("all are gone") { try daemon.storeStatus["instances"].integer == 0 }
            #expect(try daemon.held() == 0)
            try daemon.waitUntilSettled()
            let latest = Dictionary(try Table(daemon).rows().map { ($0.instance, $0.type) }) { $1 }
            #expect(latest.values.allSatisfy { $0 == "DELETE" })
            try daemon.stop()
        }

        @Test func `a large tree that is renamed is neither deleted nor created`() throws {
            let daemon = try Daemon()
            for directory in 0..<10 {
                try Daemon.put((directory * 300)..<(directory * 300 + 300), into: "\(daemon.store)/a/\(directory)/x")
            }
            try Daemon.put(10_000..<11_000, into: daemon.store + "/other")
            try daemon.start()
            try daemon.waitForRows(4000)
            try daemon.waitUntilSettled()
            for (old, new) in [("a", "b"), ("b", "other/c"), ("other/c", "a")] {
                try Files.rename("\(daemon.store)/\(old)", to: "\(daemon.store)/\(new)")
                try eventually("an instance is at its new place") {
                    try daemon.get("\(daemon.storeName)/instances/1.2.3.2999")["path"].string?.contains("/\(new)/")
                        == true
                }
                try daemon.waitUntilSettled()
                #expect(try Table(daemon).count() == 4000)
                #expect(try daemon.storeStatus["instances"].integer == 4000)
            }
            try daemon.stop()
        }
    }
}
