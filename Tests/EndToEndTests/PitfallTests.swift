import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// How inotify and writers surprise those who watch a directory.
    @Suite struct PitfallTests {
        @Test func `no event is asked for that the service's own reading would cause`() throws {
            let daemon = try Daemon()
            try Files.makeDirectories(daemon.store + "/a/b")
            try daemon.start()
            let masks = try daemon.watchMasks()
            #expect(masks.count >= 3)
            for mask in masks { #expect(mask & UInt32(IN_OPEN | IN_ACCESS | IN_CLOSE_NOWRITE) == 0) }
        }

        @Test func `an overflow of the queue loses nothing`() throws {
            let limit = try Files.number("/proc/sys/fs/inotify/max_queued_events")
            guard limit < 40_000 else { return skip("queue overflow: max_queued_events is \(limit)") }
            // Each file makes at least two events.
            let count = max(20_000, limit)
            let daemon = try Daemon()
            try daemon.start()
            try daemon.waitUntilSettled()
            try daemon.process?.suspend()
            for number in 0..<count {
                try Files.write(InstanceFile("1.2.3.\(number)").bytes, to: daemon.store + "/\(number)")
            }
            daemon.process?.signal(SIGCONT)
            let rows = try daemon.waitForRows(count, within: .seconds(300))
            #expect(Set(rows.map(\.instance)).count == count)
            #expect(try daemon.overflows() >= 1)
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == count)
            // What the service itself read has not filled the queue again.
            #expect(try daemon.overflows() == 1)
            try daemon.stop()
        }

        @Test func `four writers that make, rename and fill directories are followed`() async throws {
            let generator = SeededGenerator.fromEnvironment()
            print("four writers: DICOMEXPORT_TEST_SEED=\(generator.seed)")
            let daemon = try Daemon()
            try daemon.start()
            let store = daemon.store
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask { try Self.write(writer, seed: generator.seed, into: store) }
                }
                try await group.waitForAll()
            }
            let present = Set(Files.tree(store))
            #expect(!present.isEmpty)
            let instances = Set(try Dump.marks(of: present.map { "\(store)/\($0)" }))
            try eventually("every file has its row", within: .seconds(60)) {
                Set(try Table(daemon).rows().compactMap(\.mark)).isSuperset(of: instances)
            }
            try daemon.waitUntilSettled()
            let rows = try Table(daemon).rows()
            #expect(Set(rows.compactMap(\.mark)) == instances, "nothing but what was written")
            #expect(rows.filter { $0.type == "CREATE" }.count == instances.count, "once each")
            #expect(rows.filter { $0.type == "DELETE" }.isEmpty, "what was renamed is not gone")
        }

        /// Nothing is deleted, so that every mark that was written is there at the end.
        private static func write(_ writer: Int, seed: UInt64, into store: String) throws {
            var random = SeededGenerator(seed: seed &+ UInt64(writer))
            var directories = [store]
            var moved = 0
            for number in 0..<150 {
                let parent = directories.randomElement(using: &random) ?? store
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<3:
                    let path = "\(parent)/d\(writer)x\(number)/e/f"
                    try Files.makeDirectories(path)
                    directories.append(path)
                case 3 where parent != store:
                    // Rename a directory of our own, with all that is in it, to the top.
                    let new = "\(store)/m\(writer)x\(moved)"
                    moved += 1
                    try Files.rename(parent, to: new)
                    directories = directories.map { $0 == parent ? new : $0 }
                        .map { $0.hasPrefix(parent + "/") ? new + $0.dropFirst(parent.count) : $0 }
                default:
                    let file = InstanceFile("1.2.3.\(writer).\(number)", mark: "w\(writer)n\(number)")
                    try Files.writeAndRename(file.bytes, to: "\(parent)/w\(writer)n\(number).dcm")
                }
            }
        }

        @Test func `directories that move in, move about and move out are followed`() throws {
            let daemon = try Daemon()
            let outside = try TemporaryDirectory("outside")
            try Files.makeDirectories(outside / "tree/deep/deeper")
            for number in 0..<5 {
                let file = InstanceFile("1.2.3.\(number)", mark: "in\(number)")
                try Files.write(file.bytes, to: outside / "tree/deep/deeper/\(number)")
            }
            try daemon.start()
            // A populated tree moves in: one event for all of it.
            try Files.rename(outside / "tree", to: daemon.store + "/tree")
            try daemon.waitForRows(5)

            // A parent is renamed while a file in it is being written: the close event comes from the same watch.
            let file = InstanceFile("1.2.3.9", mark: "while renamed").bytes
            try Files.write(file, to: daemon.store + "/tree/deep/late", split: file.count / 2) {
                try Files.rename(daemon.store + "/tree", to: daemon.store + "/tree2")
            }
            let afterRename = try daemon.waitForRows(6)
            #expect(afterRename.last?.path == "tree2/deep/late")
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).count() == 6, "a renamed directory makes no rows")

            // It moves out: each instance is gone.
            try Files.rename(daemon.store + "/tree2/deep/deeper", to: outside / "deeper")
            let afterMove = try daemon.waitForRows(11)
            #expect(afterMove[6...].allSatisfy { $0.type == "DELETE" })
            #expect(Set(afterMove[6...].map(\.instance)) == Set((0..<5).map { "1.2.3.\($0)" }))
            // What happens there is none of our business any more.
            try Files.write(InstanceFile("1.2.3.77").bytes, to: outside / "deeper/77")

            // A directory of the same name is another directory.
            try Files.makeDirectory(daemon.store + "/tree2/deep/deeper")
            try Files.write(InstanceFile("1.2.3.10", mark: "again").bytes, to: daemon.store + "/tree2/deep/deeper/0")
            let last = try daemon.waitForRows(12)
            #expect(last.last?.mark == "again")
            #expect(last.allSatisfy { $0.instance != "1.2.3.77" })
        }

        @Test func `directories beyond the limit of watches are scanned`() throws {
            let wrapper = [
                "unshare", "--user", "--map-root-user", "sh", "-c",
                "echo 8 >/proc/sys/user/max_inotify_watches && exec \"$@\"", "sh",
            ]
            guard (try? ChildProcess.run(wrapper + ["true"])) != nil else {
                return skip("limit of watches: no user namespaces here")
            }
            let daemon = try Daemon(settings: ["rescanInterval = \"1s\""])
            for number in 0..<30 { try Files.makeDirectories(daemon.store + "/\(number)/deep") }
            try daemon.start(wrapper: wrapper)
            for number in 0..<30 {
                let file = InstanceFile("1.2.3.\(number)", mark: "\(number)")
                try Files.writeAndRename(file.bytes, to: daemon.store + "/\(number)/deep/file")
            }
            let rows = try daemon.waitForRows(30, within: .seconds(60))
            #expect(Set(rows.compactMap(\.mark)).count == 30)
            #expect(try daemon.unwatchedDirectories() > 0)
            #expect(try daemon.isDegraded(), "the status says that events are missing")
            try Files.remove(daemon.store + "/29/deep/file")
            #expect(try daemon.waitForRows(31).last?.type == "DELETE")
            try daemon.stop()
        }

        @Test func `a hard link is noticed, and a write through an outside name by the next look`() throws {
            let daemon = try Daemon(settings: ["rescanInterval = \"1s\"", "settle = \"100ms\""])
            let outside = try TemporaryDirectory("outside")
            try Files.write(InstanceFile("1.2.3.1", mark: "linked").bytes, to: outside / "name")
            try daemon.start()
            try Files.hardLink(outside / "name", to: daemon.store + "/link")
            #expect(try daemon.waitForRows(1).last?.mark == "linked")
            // No event tells of this: size and time do, at the next scan.
            try Files.write(InstanceFile("1.2.3.1", mark: "from outside").bytes, to: outside / "name")
            let rows = try daemon.waitForRows(2)
            #expect(rows.last?.mark == "from outside")
            #expect(rows.last?.type == "CREATE")
        }

        @Test func `of two files renamed onto one name the last one stands`() throws {
            let daemon = try Daemon()
            try daemon.start()
            let name = daemon.store + "/final.dcm"
            for number in 0..<200 {
                try Files.writeAndRename(InstanceFile("1.2.3.4", mark: "\(number)").bytes, to: name)
            }
            let rows = try eventually("the last version has its row") { () -> [Row]? in
                let rows = try Table(daemon).rows()
                return rows.last?.mark == "199" ? rows : nil
            }
            #expect(Set(rows.compactMap(\.mark)).count == rows.count, "each version at most once")
            try daemon.waitUntilSettled()
            #expect(try Table(daemon).rows().last?.mark == "199")
            #expect(try daemon.counters().success == Table(daemon).count())
        }

        @Test func `a file without a name is read when it gets one`() throws {
            let daemon = try Daemon(settings: ["settle = \"300ms\""])
            try daemon.start()
            let file = open(daemon.store, O_WRONLY | Files.unnamedTemporary, 0o644)
            guard file >= 0 else { return skip("O_TMPFILE: \(Files.reason())") }
            let bytes = InstanceFile("1.2.3.4", mark: "unnamed").bytes
            try Files.append(bytes[...], to: file)
            try Files.check(
                linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, daemon.store + "/named", AT_SYMLINK_FOLLOW),
                "linkat"
            )
            close(file)
            let rows = try daemon.waitForRows(1)
            #expect(rows.map(\.path) == ["named"])
            try daemon.waitUntilSettled()
            #expect(try daemon.failures().isEmpty, "names that never existed did not fail")
            #expect(try Table(daemon).count() == 1)
        }

        @Test func `a file that is written through a mapping is read when it is closed`() throws {
            let daemon = try Daemon()
            try daemon.start()
            let bytes = InstanceFile("1.2.3.4", mark: "mapped").bytes
            let file = open(daemon.store + "/mapped", O_RDWR | O_CREAT, 0o644)
            try Files.check(ftruncate(file, bytes.count), "ftruncate")
            guard let map = mmap(nil, bytes.count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), map != MAP_FAILED
            else {
                throw TestFailure("mmap: \(Files.reason())")
            }
            let half = bytes.count / 2
            map.copyMemory(from: bytes, byteCount: half)
            // Another file arrives meanwhile: the service is not waiting for the first.
            try Files.write(InstanceFile("1.2.3.5", mark: "meanwhile").bytes, to: daemon.store + "/meanwhile")
            #expect(try daemon.waitForRows(1).map(\.mark) == ["meanwhile"])
            Array(bytes[half...]).withUnsafeBytes { rest in
                if let base = rest.baseAddress { (map + half).copyMemory(from: base, byteCount: rest.count) }
            }
            munmap(map, bytes.count)
            close(file)
            #expect(try daemon.waitForRows(2).map(\.mark) == ["meanwhile", "mapped"])
            #expect(try daemon.counters().failure == 0)
        }

        @Test func `a transfer that dies is told from one that is whole`() throws {
            let daemon = try Daemon(settings: ["incompleteTimeout = \"1s\""])
            try daemon.start()
            let whole = InstanceFile("1.2.3.4", mark: "whole").bytes
            // One ends inside its pixel data, one inside its header, as if the sender had been killed.
            try Files.write(Array(whole.dropLast(100)), to: daemon.store + "/pixels")
            try Files.write(Array(whole.prefix(300)), to: daemon.store + "/header")
            let rows = try daemon.waitForRows(1)
            #expect(rows.map(\.path) == ["pixels"])
            #expect(try Table(daemon).value("SELECT count(*) FROM instances WHERE DroppedTags LIKE '%TRUNCATED%'") == 1)
            let failure = try eventually("the failure is listed") { try daemon.failures().first }
            #expect(failure["path"].string == "header")
            #expect(failure["code"].string == "TRUNCATED")
            #expect(failure["offset"].integer > 132)
            #expect(try daemon.counters().failure == 1)

            // The sender tries again.
            try Files.write(InstanceFile("1.2.3.5", mark: "completed").bytes, to: daemon.store + "/header")
            try Files.write(whole, to: daemon.store + "/pixels")
            try daemon.waitForRows(3)
            let last = try Table(daemon).rows()[1...]
            #expect(Set(last.map(\.path)) == ["header", "pixels"])
            try eventually("the failure is not current any more") { try daemon.failures().isEmpty }
        }

        @Test func `symbolic links are not followed`() throws {
            let daemon = try Daemon()
            let outside = try TemporaryDirectory("outside")
            try Files.makeDirectory(outside / "directory")
            try Files.write(InstanceFile("1.2.3.1", mark: "outside").bytes, to: outside / "directory/file")
            try Files.symbolicLink(to: outside / "directory", at: daemon.store + "/before")
            try daemon.start()
            try Files.symbolicLink(to: outside / "directory", at: daemon.store + "/directory")
            try Files.symbolicLink(to: outside / "directory/file", at: daemon.store + "/file")
            try Files.symbolicLink(to: "/etc", at: daemon.store + "/etc")
            try Files.symbolicLink(to: "..", at: daemon.store + "/loop")
            try Files.makeDirectory(daemon.store + "/real")
            try Files.write(InstanceFile("1.2.3.2", mark: "inside").bytes, to: daemon.store + "/real/file")
            #expect(try daemon.waitForRows(1).map(\.mark) == ["inside"])

            // A directory that was real, and is not any more.
            try Files.rename(daemon.store + "/real", to: outside / "real")
            try Files.symbolicLink(to: outside / "real", at: daemon.store + "/real")
            #expect(try daemon.waitForRows(2).last?.type == "DELETE")
            try daemon.stop()
            try daemon.start()
            try Files.write(InstanceFile("1.2.3.3", mark: "last").bytes, to: daemon.store + "/last")
            #expect(try daemon.waitForRows(3).map(\.mark) == ["inside", nil, "last"])
        }

        @Test(arguments: [true, false])
        func `a rewrite of the same size within the same second is a new version`(running: Bool) throws {
            let daemon = try Daemon()
            try daemon.start()
            let path = daemon.store + "/file"
            let first = InstanceFile("1.2.3.4", mark: "aaaa").bytes
            try Files.write(first, to: path)
            try daemon.waitForRows(1)
            if !running { try daemon.stop() }
            var before = stat()
            try Files.check(stat(path, &before), "stat")
            try Files.write(InstanceFile("1.2.3.4", mark: "bbbb").bytes, to: path)
            // The writer restores the time, as rsync and cp -p do.
            var times = [before.st_atim, before.st_mtim]
            try Files.check(utimensat(AT_FDCWD, path, &times, 0), "utimensat")
            if !running { try daemon.start() }
            #expect(try daemon.waitForRows(2).map(\.mark) == ["aaaa", "bbbb"])
        }

        @Test func `an inode that is used again is another file`() throws {
            let daemon = try Daemon()
            try daemon.start()
            let path = daemon.store + "/file"
            try Files.write(InstanceFile("1.2.3.0", mark: "0000").bytes, to: path)
            try daemon.waitForRows(1)
            try daemon.stop()
            let inode = try Files.inode(path)
            try Files.remove(path)
            // Under names that are ignored, until one of them has it.
            var found: String?
            for number in 0..<5000 where found == nil {
                let candidate = "\(daemon.store)/.\(number)"
                try Files.write(InstanceFile("1.2.3.0", mark: "0001").bytes, to: candidate)
                if try Files.inode(candidate) == inode { found = candidate }
            }
            guard let found else { return skip("inode reuse: this file system does not use one again") }
            try Files.rename(found, to: path)
            try daemon.start()
            #expect(try daemon.waitForRows(2).map(\.mark) == ["0000", "0001"])
        }

        @Test func `files that are gone or replaced between event and opening do no harm`() throws {
            var random = SeededGenerator.fromEnvironment()
            print("gone or replaced: DICOMEXPORT_TEST_SEED=\(random.seed)")
            let daemon = try Daemon()
            try daemon.start()
            // A stream that is not open yet may find versions gone, and their deletions follow each other.
            try eventually("the stream is current") { try daemon.isSettled() }
            var model = StoreModel()
            for number in 0..<3000 {
                let name = "\(Int.random(in: 0..<8, using: &random))"
                let path = "\(daemon.store)/\(name)"
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where model.present[name] != nil:
                    try Files.remove(path)
                    model.remove(name)
                case 1 where model.present[name] != nil:
                    let other = "\(Int.random(in: 0..<8, using: &random))"
                    guard other != name else { continue }
                    try Files.rename(path, to: "\(daemon.store)/\(other)")
                    model.rename(name, to: other)
                default:
                    let file = InstanceFile("1.2.3.\(number)", mark: "\(number)").bytes
                    try Files.write(file, to: path, split: Int.random(in: 200..<file.count, using: &random))
                    model.write("\(number)", instance: "1.2.3.\(number)", at: name)
                }
            }
            try eventually("what is there has its row") { model.missing(in: try Table(daemon).rows()).isEmpty }
            try daemon.waitUntilSettled()
            let rows = try Table(daemon).rows()
            #expect(model.missing(in: rows) == [])
            // Whether versions were GONE tells a stream that was behind from rows that are wrong.
            let stream = try daemon.counters()
            #expect(model.surplus(in: rows) == [], "\(stream)")
            #expect(stream.success == rows.count)
            try daemon.stop()
        }
    }
}
