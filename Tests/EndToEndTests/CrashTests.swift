import Glibc
import SQLite
import Testing

extension EndToEndTests {
    @Suite struct CrashTests {
        /// `DICOMEXPORT_TEST_KILLS` says how often, `DICOMEXPORT_TEST_SEED` repeats a run's operations and instants (not the
        /// scheduler's choices).
        @Test func `killed at any instant, it keeps its promise to the row`() throws {
            let kills = ChildProcess.variable("DICOMEXPORT_TEST_KILLS").flatMap { Int($0) } ?? 100
            var random = SeededGenerator.fromEnvironment()
            print("killed \(kills) times: DICOMEXPORT_TEST_SEED=\(random.seed)")
            let daemon = try Daemon(settings: ["settle = \"50ms\""])
            let outside = try TemporaryDirectory("outside")
            let writer = RandomWriter(
                store: daemon.store,
                outside: outside.path,
                random: SeededGenerator(seed: random.next())
            )
            writer.start()
            for _ in 0..<kills {
                try daemon.launch()
                // The instant is what is random here: some lie before it is ready, some long after.
                usleep(UInt32.random(in: 0..<1_000_000, using: &random))
                try daemon.kill()
            }
            let model = try writer.finish()
            try daemon.start()
            let table = Table(daemon)
            do {
                try eventually("all that is there has its row", within: .seconds(60)) {
                    model.missing(in: try table.rows()).isEmpty
                }
            } catch {
                #expect(model.missing(in: try table.rows()) == [], "seed \(random.seed)\n\(daemon.tail())")
            }
            try daemon.waitUntilSettled()
            let rows = try table.rows()
            #expect(model.missing(in: rows) == [], "seed \(random.seed)")
            #expect(model.surplus(in: rows) == [], "seed \(random.seed)")

            // Success is the rows; with what was gone before it could be read it is the log.
            let counters = try daemon.counters()
            #expect(counters.success == rows.count, "seed \(random.seed)")
            #expect(counters.pending == 0)
            let gone = try daemon.failures().filter { $0["code"].string == "GONE" }.count
            let entries = try daemon.storeStatus["change"].integer
            #expect(rows.count + gone == entries, "seed \(random.seed): rows + GONE = log entries")
            #expect(counters.failure >= gone)
            print("\(rows.count) rows, \(gone) gone, \(entries) entries, \(model.present.count) files at the end")
            try daemon.stop()
            for path in [daemon.database, daemon.state + "/state.db"] {
                let connection = try Connection(path: path, mode: .readOnly)
                let check = try connection.prepare("PRAGMA integrity_check")
                _ = try check.step()
                #expect(check.text(0) == "ok")
            }
        }
    }
}
