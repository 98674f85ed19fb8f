import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// A store whose writers this kernel does not see: FUSE, and a server of it that hangs and dies.
    @Suite struct NetworkStoreTests {
        /// A directory that is served at the store's place.
        private final class Server {
            let directory: TemporaryDirectory
            private let point: String
            private(set) var process: ChildProcess

            init?(at point: String) throws {
                guard geteuid() == 0, ChildProcess.exists("bindfs"), Files.exists("/dev/fuse") else { return nil }
                directory = try TemporaryDirectory("served")
                self.point = point
                process = try ChildProcess(["bindfs", "-f", directory.path, point], output: directory.path + ".log")
                let device = try Files.status(directory.path).st_dev
                let (process, log) = (process, directory.path + ".log")
                guard
                    (try? eventually("it is mounted", within: .seconds(20)) {
                        if process.poll() != nil {
                            throw TestFailure(String(decoding: try Files.read(log), as: UTF8.self))
                        }
                        return try Files.status(point).st_dev != device
                    }) != nil
                else { return nil }
            }

            deinit {
                process.signal(SIGKILL)
                umount2(point, CInt(MNT_DETACH))
                unlink(directory.path + ".log")
            }
        }

        @Test func `it is polled and well, degraded while the server hangs, and away when it has gone`() throws {
            let daemon = try Daemon(settings: ["rescanInterval = \"1s\""])
            guard let server = try Server(at: daemon.store) else {
                return skip("a store on FUSE: no root, no bindfs or no /dev/fuse here")
            }
            try Daemon.put(0..<2, into: server.directory.path)
            try daemon.start()
            try daemon.waitForRows(2)
            // Behind the back of the kernel's events.
            try Daemon.put(2..<3, into: server.directory.path)
            try daemon.waitForRows(3)
            try eventually("it is well") { try !daemon.isDegraded() }
            #expect(try daemon.storeStatus["watch"]["polling"].string?.contains("network file system") == true)
            #expect(try daemon.metric("polling") == 1)

            try server.process.suspend()
            try eventually("it is degraded", within: .seconds(120)) {
                try daemon.reasons().contains("nothing was looked at for")
            }
            server.process.signal(SIGCONT)
            try eventually("it is well again") { try !daemon.isDegraded() }

            server.process.signal(SIGKILL)
            try eventually("it is away", within: .seconds(90)) {
                try daemon.outOfReach() == 3 && daemon.isDegraded()
            }
            #expect(try daemon.deletions() == 0)
            try daemon.stop()
        }
    }
}
