import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// Exports among others, and what is asked of them in large numbers.
    @Suite struct ExportScaleTests {
        private static let replace = "\"writeDisposition\": \"WRITE_TRUNCATE\""
        private static let append = "\"writeDisposition\": \"WRITE_APPEND\""

        /// Polls a table on a thread of its own, and tells which numbers of rows it saw.
        private func watch(_ daemon: Daemon, while body: () throws -> Void) async throws -> Set<Int64> {
            let end = daemon.file("end")
            let database = daemon.database
            let reader = Task.detached {
                // One connection for all: it sees the schema change under it.
                let connection = try Connection(path: database, mode: .readOnly)
                var seen: Set<Int64> = []
                while true {
                    // What was there at the end is seen in any case.
                    let isLast = access(end, F_OK) == 0
                    if let count = try connection.integer("SELECT count(SOPInstanceUID) FROM exported") {
                        seen.insert(count)
                    }
                    if isLast { return seen }
                }
            }
            do { try body() } catch {
                try Files.write([], to: end)
                _ = try? await reader.value
                throw error
            }
            try Files.write([], to: end)
            return try await reader.value
        }

        @Test func `a reader who polls sees the old rows or the new ones, and is never refused`() async throws {
            let daemon = try Daemon(settings: [], streams: false)
            try daemon.start()
            try daemon.fill(0..<200)
            #expect(try daemon.export()["error"] == .null)
            try daemon.fill(200..<300)
            let seen = try await watch(daemon) {
                #expect(try daemon.export(Self.replace)["error"] == .null)
                try daemon.fill(300..<350)
                #expect(try daemon.export(Self.replace)["error"] == .null)
                #expect(try daemon.export(Self.append)["error"] == .null)
            }
            #expect(seen.isSubset(of: [200, 300, 350, 700]) && seen.contains(700), "\(seen)")
            try daemon.stop()
        }

        /// Kilobytes.
        private func peakMemory(of daemon: Daemon) throws -> Int {
            let status = String(decoding: try Files.read("/proc/\(daemon.process?.id ?? 0)/status"), as: UTF8.self)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
            guard let peak = line.split(separator: " ").dropLast().last.flatMap({ Int($0) }) else {
                throw TestFailure("no VmHWM in \(status)")
            }
            return peak
        }

        @Test func `a filter of any length is taken in bounded memory`() throws {
            // Ten million take nine minutes in a debug build, most of them to write the file.
            let lines = Environment.variable("DICOMEXPORT_TEST_FILTER_LINES").flatMap { Int($0) } ?? 300_000
            let daemon = try Daemon(settings: [], global: ["[buckets]", "filters = \"$DIR\""], streams: false)
            try daemon.start()
            try daemon.fill(0..<20)
            let path = daemon.file("long.txt")
            let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
            try Files.check(file < 0 ? -1 : 0, "open \(path)")
            var text = "/studies/1.2.0/series/1.2.0.0/instances/1.2.3.4\n"
            for number in 0..<lines {
                // In no order, as a query without ORDER BY gives them.
                let scattered = number &* 2_654_435_761 % 4_294_967_291
                text += "/studies/9.\(scattered % 1000)/series/9.\(scattered % 9973).1/instances/9.8.7.\(scattered)\n"
                guard text.utf8.count > 1 << 20 || number == lines - 1 else { continue }
                try Files.append(Array(text.utf8)[...], to: file)
                text = ""
            }
            close(file)
            let before = try peakMemory(of: daemon)
            let name = try daemon.startExport(filter: "gs://filters/long.txt")
            let operation = try daemon.waitForEnd(of: name, within: .seconds(900))
            #expect(operation["error"] == .null)
            #expect(operation["metadata"]["counter"] == .object(["success": .string("1")]))
            let grown = try peakMemory(of: daemon) - before
            print("a filter of \(lines) lines: \(grown) KB more")
            #expect(grown < 64 << 10)
            try daemon.stop()
        }

        @Test func `a body of 1 GiB is refused, however it comes, and nothing of it is kept`() throws {
            guard ChildProcess.exists("curl") else { return skip("a large body: no curl here") }
            let daemon = try Daemon(settings: [], streams: false)
            try daemon.start()
            let before = try peakMemory(of: daemon)
            let command = """
                head -c \(1 << 30) /dev/zero 2>/dev/null | curl -s --unix-socket \(daemon.socket) -X POST -T - -w '%{http_code}' \
                -H 'Content-Type: application/json' http://localhost\(daemon.storeName):export || test $? -eq 55
                """
            let answer = try ChildProcess.run(["bash", "-c", command])
            #expect(answer.contains("Request payload size exceeds the limit") && answer.hasSuffix("413"), "\(answer)")
            #expect(try peakMemory(of: daemon) - before < 16 << 10)
            #expect(try daemon.client.send("GET", "/status").status == 200)
            try daemon.stop()
        }
    }
}
