import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// Whatever happens to a file, nothing that it holds is told, and nothing that it is called unless `logPaths` says so.
    @Suite struct PrivacyTests {
        /// Stands in for a patient: in values of elements, and in the names of files and directories.
        private static let value = "MARKVALUE"
        private static let path = "MARKPATH"

        @Test func `no log, status, metric or error holds patient data`() throws {
            let daemon = try Daemon(
                settings: ["incompleteTimeout = \"1s\""],
                global: ["[limits]", "headerBytes = 65536"]
            )
            let answers = try run(daemon)
            let texts = answers + [("log", daemon.tail(1 << 24))]
            for (name, text) in texts {
                #expect(!text.contains(Self.value), "\(name): \(text)")
                #expect(!text.contains(Self.path), "\(name): \(text)")
            }
            for code in [
                "MALFORMED", "TRUNCATED", "NO_UID", "HEADER_TOO_LARGE", "NOT_DICOM", "NOT_AN_INSTANCE", "UNREADABLE",
            ] {
                #expect(daemon.tail(1 << 24).contains("code=\(code)"), "\(code) was taken")
            }
        }

        @Test func `with logPaths the log has paths, and still no values`() throws {
            let daemon = try Daemon(
                settings: ["incompleteTimeout = \"1s\""],
                global: ["logPaths = true", "[limits]", "headerBytes = 65536"]
            )
            let answers = try run(daemon)
            let log = daemon.tail(1 << 24)
            #expect(log.contains(Self.path))
            #expect(!log.contains(Self.value), "\(log)")
            for (name, text) in answers {
                #expect(!text.contains(Self.value), "\(name): \(text)")
                #expect(!text.contains(Self.path), "\(name): \(text)")
            }
        }

        /// Takes files through every path, and returns what the service answered, but for what is there to show paths.
        private func run(_ daemon: Daemon) throws -> [(String, String)] {
            // Root would read everything.
            let wrapper = geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
            let directory = "\(daemon.store)/\(Self.path)^DIRECTORY"
            try Files.makeDirectory(directory)
            for (name, bytes) in files { try Files.write(bytes, to: "\(directory)/\(Self.path)-\(name)") }
            try Files.check(chmod("\(directory)/\(Self.path)-unreadable", 0), "chmod")
            try daemon.start(wrapper: wrapper)
            try daemon.waitForRows(4)
            try daemon.waitUntilSettled()
            try eventually("every file is judged; \(daemon.tail())") { try daemon.failures().count >= files.count - 4 }

            // While it runs: another version, a rename, another instance under the name, a deletion, a new failure.
            try Files.write(instance("1.2.3.1", mark: "second"), to: "\(directory)/\(Self.path)-good")
            try Files.rename("\(directory)/\(Self.path)-good2", to: "\(daemon.store)/\(Self.path)-renamed")
            try Files.remove("\(directory)/\(Self.path)-good3")
            try Files.write(Array(instance("1.2.3.60").prefix(400)), to: "\(daemon.store)/\(Self.path)-later")
            try daemon.waitForRows(6)
            try eventually("the later one is judged") {
                try daemon.failures().contains {
                    $0["path"].string == "\(Self.path)-later" && $0["code"].string == "TRUNCATED"
                }
            }
            // The positive control: paths are shown where they belong, and values are in the table.
            #expect(try daemon.failures().allSatisfy { $0["path"].string?.contains(Self.path) == true })
            #expect(try Table(daemon).rows().contains { $0.mark?.contains(Self.value) == true })

            let requests = [
                ("GET", "/status", ""), ("GET", "/metrics", ""), ("GET", "\(Daemon.parent)/operations", ""),
                ("GET", "\(Daemon.parent)/dicomStores", ""), ("GET", daemon.storeName, ""),
                ("GET", "\(daemon.storeName)/failures?damaged=true&fields=failures/reason,failures/tag", ""),
                ("GET", "\(daemon.storeName):getDICOMStoreMetrics", ""),
                ("GET", "\(daemon.storeName)/instances/1.2.3.999", ""), ("GET", "\(Daemon.parent)/operations/99", ""),
                ("POST", "\(daemon.storeName):rescan", "{}"), ("POST", "\(daemon.storeName):rescan", "{\"no\": 1}"),
                ("POST", "\(daemon.storeName):export", "{}"), ("POST", "/reload", "{}"), ("GET", "/v1/nothing", ""),
            ]
            var answers: [(String, String)] = []
            for (method, path, body) in requests {
                let answer = try daemon.client.send(method, path, body: body)
                answers.append(("\(method) \(path)", String(decoding: answer.body, as: UTF8.self)))
            }
            try daemon.waitUntilReady()

            // The store is lost and comes back; the service is killed, and reads the log again.
            try Files.rename(daemon.store, to: daemon.store + "-away")
            let away = "the store's directory cannot be read"
            try eventually("the store is missed") { try daemon.reasons().contains(away) }
            answers.append(("degraded", String(decoding: try daemon.client.send("GET", "/status").body, as: UTF8.self)))
            try Files.rename(daemon.store + "-away", to: daemon.store)
            try eventually("the store is back") { try !daemon.reasons().contains(away) }
            try daemon.kill()
            try Files.write(instance("1.2.3.2", mark: "third"), to: "\(daemon.store)/\(Self.path)-renamed")
            try daemon.start(wrapper: wrapper)
            try daemon.waitForRows(7)
            try daemon.stop()
            return answers
        }

        private func instance(_ uid: String, mark: String = "first", more: [(UInt32, String, [UInt8])] = []) -> [UInt8]
        {
            var file = InstanceFile(uid, mark: "\(Self.value) \(mark)")
            file.more = [(0x0010_1001, "PN", Array("\(Self.value)^Other".utf8) + [0x20])]
            file.more += more.map { (tag: $0.0, vr: $0.1, value: $0.2) }
            return file.bytes
        }

        /// Three good ones, and one for each way to fail.
        private var files: [(String, [UInt8])] {
            let good = instance("1.2.3.1")
            // A length that leads beyond the end of its sequence: the parser has to stop within patient data.
            let damaged = instance(
                "1.2.3.50",
                more: [
                    (
                        0x0040_0275, "SQ",
                        [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0x7F] + Array(Self.value.utf8) + [0]
                    )
                ]
            )
            var broken = damaged
            // Without its UIDs, and so without a row.
            for tag: [UInt8] in [[0x08, 0x00, 0x18, 0x00], [0x20, 0x00, 0x0D, 0x00]] {
                if let at = (0..<broken.count - 4).last(where: { Array(broken[$0..<$0 + 4]) == tag }) {
                    broken[at + 2] ^= 0x60
                }
            }
            // The UID's element gets a tag of its own group that nobody reads as one.
            var anonymous = instance("1.2.3.51")
            let tag: [UInt8] = [0x20, 0x00, 0x0D, 0x00, 0x55, 0x49]
            if let at = (0..<anonymous.count - 6).last(where: { Array(anonymous[$0..<$0 + 6]) == tag }) {
                anonymous[at + 2] = 0x0C
            }
            var directory = instance("1.2.3.52")
            let ct = Array("1.2.840.10008.5.1.4.1.1.2\0".utf8)
            for at in 0..<directory.count - ct.count where Array(directory[at..<at + ct.count]) == ct {
                directory.replaceSubrange(at..<at + ct.count, with: Array("1.2.840.10008.1.3.10\0\0\0\0\0\0".utf8))
            }
            let large = [UInt8](repeating: 0x41, count: 4096)
            return [
                ("good", good), ("good2", instance("1.2.3.2")), ("good3", instance("1.2.3.3")),
                ("damaged", damaged), ("malformed", broken), ("truncated", Array(instance("1.2.3.53").prefix(420))),
                ("nouid", anonymous),
                ("dicomdir", directory), ("text", Array("\(Self.value) is no DICOM file. ".utf8) + large),
                ("unreadable", instance("1.2.3.54")),
                (
                    "large",
                    instance(
                        "1.2.3.55",
                        more: (0..<40).map { (0x0009_1000 + UInt32($0), "LT", large) }
                    )
                ),
            ]
        }
    }
}
