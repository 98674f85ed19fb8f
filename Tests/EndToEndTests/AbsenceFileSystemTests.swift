import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// File systems below the store that come and go: what was on them is out of reach, and nothing else is.
    @Suite struct AbsenceFileSystemTests {
        /// Ten instances in the store, thirty on a disk of its own below it.
        private final class Setting {
            let namespace: MountNamespace
            let daemon: Daemon
            let disk: TemporaryDirectory
            var point: String { daemon.store + "/disk" }

            init?() throws {
                guard let namespace = try MountNamespace() else { return nil }
                self.namespace = namespace
                daemon = try Daemon(settings: ["rescanInterval = \"1h\""])
                disk = try TemporaryDirectory("disk")
                try Daemon.put(0..<10, into: daemon.store)
                try Daemon.put(10..<40, into: disk.path)
                try Files.makeDirectory(point)
                try mount()
                try daemon.start(wrapper: namespace.enter)
                try daemon.waitForRows(40)
                try eventually("all is settled") { try daemon.isSettled() }
            }

            func mount() throws { try namespace.run(["mount", "--bind", disk.path, point]) }
            func unmount(_ how: String...) throws { try namespace.run(["umount"] + how + [point]) }

            /// The disk is back, and nothing has happened.
            func expectBack() throws {
                try eventually("all are in reach again; \(try daemon.status())") {
                    try daemon.outOfReach() == 0 && !daemon.isDegraded() && daemon.isSettled()
                }
                let rows = try Table(daemon).rows()
                #expect(rows.count == 40, "\(rows.dropFirst(40).prefix(4))")
            }

            func expectAway() throws {
                try eventually("thirty are out of reach; \(try daemon.status())") { try daemon.outOfReach() == 30 }
                #expect(try daemon.deletions() == 0)
                #expect(try daemon.isDegraded())
            }
        }

        @Test func `unmounted, lazily or not, covered by another, flapping`() throws {
            guard let setting = try Setting() else { return skip("mounts below a store: no mount namespaces here") }
            let daemon = setting.daemon
            try setting.unmount()
            try setting.expectAway()
            #expect(try daemon.metric("out_of_reach_files") == 30)
            #expect(try daemon.metric("out_of_reach_since_seconds") > 1_700_000_000)
            #expect(try daemon.failures().map { $0["code"].string } == ["FILE_SYSTEM_AWAY"])
            #expect(
                try daemon.get(daemon.storeName)["absences"].items.map { $0["kind"].string } == ["FILE_SYSTEM_AWAY"]
            )
            try setting.mount()
            try setting.expectBack()

            try setting.unmount("--lazy")
            try setting.expectAway()
            try setting.mount()
            try setting.expectBack()

            try setting.namespace.run(["mount", "-t", "tmpfs", "cover", setting.point])
            try setting.expectAway()
            try setting.unmount()
            try setting.expectBack()

            for _ in 0..<5 {
                try setting.unmount("--lazy")
                try setting.mount()
            }
            try setting.expectBack()
            try daemon.stop()
        }

        @Test func `not there at start, and what is deleted elsewhere meanwhile is followed`() throws {
            guard let setting = try Setting() else { return skip("mounts below a store: no mount namespaces here") }
            let daemon = setting.daemon
            try daemon.stop()
            try setting.unmount()
            try Files.remove(daemon.store + "/3")
            try daemon.start(wrapper: setting.namespace.enter)
            #expect(try daemon.waitForRows(41).last?.instance == "1.2.3.3")
            try eventually("thirty are out of reach") { try daemon.outOfReach() == 30 }
            try Files.remove(daemon.store + "/4")
            #expect(try daemon.waitForRows(42).last?.instance == "1.2.3.4")
            // A plain rescan ends well, and concludes nothing.
            let rescan = try daemon.rescan()
            #expect(rescan["error"] == .null)
            #expect(rescan["response"]["outOfReachFiles"].integer == 30)
            #expect(rescan["response"]["deletions"].integer == 0)

            // What went from the disk while it was away is found when it is back.
            try Files.remove(setting.disk / "11")
            try setting.mount()
            let rows = try daemon.waitForRows(43)
            #expect(rows.last?.instance == "1.2.3.11")
            #expect(rows.filter { $0.type == "DELETE" }.count == 3)
            try eventually("all is well") { try !daemon.isDegraded() }
            try daemon.stop()
        }

        @Test func `a disk that does not come back is given up by an administrator, and by nobody else`() throws {
            guard let setting = try Setting() else { return skip("mounts below a store: no mount namespaces here") }
            let daemon = setting.daemon
            try setting.unmount()
            try setting.expectAway()
            let rescan = try daemon.rescan(allowDeletions: true)
            #expect(rescan["response"]["allowedDeletions"].integer == 30)
            let rows = try daemon.waitForRows(70)
            #expect(Set(rows[40...].map(\.instance)) == Set((10..<40).map { "1.2.3.\($0)" }))
            try eventually("all is well") { try !daemon.isDegraded() }
            try daemon.stop()
        }

        @Test func `device numbers that change places between two starts`() throws {
            guard geteuid() == 0, let namespace = try MountNamespace() else {
                return skip("file systems on loop devices: needs root and mount namespaces")
            }
            let daemon = try Daemon()
            var images: [String] = []
            for name in ["a", "b"] {
                let image = daemon.file("\(name).image")
                try ChildProcess.run(["truncate", "-s", "16M", image])
                guard (try? ChildProcess.run(["mkfs.ext4", "-q", image])) != nil else {
                    return skip("file systems on loop devices: no mkfs.ext4")
                }
                images.append(image)
                try Files.makeDirectory("\(daemon.store)/\(name)")
            }
            /// Attaches them in an order, mounts each where it belongs.
            func attach(_ order: [Int]) throws -> [String] {
                var devices = ["", ""]
                for index in order {
                    let output = try ChildProcess.run(["losetup", "-f", "--show", images[index]])
                    let device = String(output.split(separator: "\n").first ?? "")
                    devices[index] = device
                    let point = "\(daemon.store)/\(["a", "b"][index])"
                    do { try namespace.run(["mount", device, point]) } catch {
                        for device in devices where device != "" { try ChildProcess.run(["losetup", "-d", device]) }
                        throw error
                    }
                }
                return devices
            }
            func detach(_ devices: [String]) throws {
                for name in ["a", "b"] { try namespace.run(["umount", "\(daemon.store)/\(name)"]) }
                for device in devices { try ChildProcess.run(["losetup", "-d", device]) }
            }
            guard let devices = try? attach([0, 1]) else {
                return skip("file systems on loop devices: no loop devices")
            }
            for (name, first) in [("a", 0), ("b", 100)] {
                let source = daemon.file("source-\(name)")
                try Daemon.put(first..<(first + 20), into: source)
                try namespace.run(["sh", "-c", "cp \(source)/* \(daemon.store)/\(name)/"])
            }
            try daemon.start(wrapper: namespace.enter)
            try daemon.waitForRows(40)
            try daemon.stop()
            try detach(devices)
            let swapped = try attach([1, 0])
            try daemon.start(wrapper: namespace.enter)
            try eventually("the scan has ended") { try daemon.storeStatus["scan"]["state"].string != "running" }
            // lost+found is root's, and is no reason to be degraded.
            #expect(try daemon.outOfReach() == 0)
            #expect(try daemon.held() == 0)
            #expect(try daemon.reasons() == "")
            #expect(try Table(daemon).count() == 40)
            try daemon.stop()
            try detach(swapped)
        }
    }
}
