import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    @Suite struct CrashTests {
        /// `DICOMEXPORT_TEST_KILLS` says how often, `DICOMEXPORT_TEST_SEED` repeats a run's operations and instants (not the
        /// scheduler's choices).
        @Test func `killed at any instant, it keeps its promise to the row`() throws {
            let kills = Environment.variable("DICOMEXPORT_TEST_KILLS").flatMap { Int($0) } ?? 100
            var random = SeededGenerator.fromEnvironment()
            print("killed \(kills) times: DICOMEXPORT_TEST_SEED=\(random.seed)")
            let daemon = try Daemon(settings: ["settle = \"50ms\""])
            let outside = try TemporaryDirectory("outside")
            try daemon.start()
            try daemon.kill()
            try remembersEntries(daemon)
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
            // Between two deletions an instance may have come back, and gone before it could be read.
            let gone = try daemon.failures().filter { $0["code"].string == "GONE" }.count
            let surplus = model.surplus(in: rows)
            #expect(surplus.filter { !$0.hasSuffix(" is deleted twice") } == [], "seed \(random.seed)")
            #expect(surplus.count <= gone, "seed \(random.seed): \(surplus)")

            // Success is the rows; with what was gone before it could be read it is the log.
            let counters = try daemon.counters()
            let entries = try entries(daemon)
            #expect(rows.count + gone == entries.rows, "seed \(random.seed): rows + GONE = log entries")
            #expect(counters == Counters(success: rows.count, failure: gone + entries.failures), "seed \(random.seed)")
            print("\(rows.count) rows, \(gone) gone, \(model.present.count) files at the end")
            try daemon.stop()
            for path in [daemon.database, daemon.state + "/state.db"] {
                let connection = try Connection(path: path, mode: .readOnly)
                let check = try connection.prepare("PRAGMA integrity_check")
                _ = try check.step()
                #expect(check.text(0) == "ok")
            }
        }

        /// The log forgets what nobody needs any more; a trigger remembers each entry for the test.
        private func remembersEntries(_ daemon: Daemon) throws {
            let connection = try Connection(path: daemon.state + "/state.db", mode: .readWrite)
            try connection.execute("CREATE TABLE test_entries (change INTEGER PRIMARY KEY, kind INTEGER)")
            try connection.execute(
                """
                CREATE TRIGGER test_entries AFTER INSERT ON log
                BEGIN INSERT OR REPLACE INTO test_entries VALUES (new.change, new.kind); END
                """
            )
        }

        /// How many entries of the log ought to be rows (CREATE, DELETE), and how many are failures.
        private func entries(_ daemon: Daemon) throws -> (rows: Int, failures: Int) {
            let connection = try Connection(path: daemon.state + "/state.db", mode: .readOnly)
            let rows = try connection.integer("SELECT count(*) FROM test_entries WHERE kind IN (1, 2)") ?? 0
            let failures = try connection.integer("SELECT count(*) FROM test_entries WHERE kind = 3") ?? 0
            return (Int(rows), Int(failures))
        }
    }
}
