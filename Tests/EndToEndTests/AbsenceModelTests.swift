import TestSupport
import Testing

extension EndToEndTests {
    /// Random mounts, unmounts, renames, rights, re-sends, deletions, kills and rescans against the whole service, and its table
    /// compared with the truth.
    ///
    /// - At no time is there a deletion of an instance of which a file is left that the service knew of: not while a disk is
    ///   away or covered, and not while rights are missing.
    /// - Once all is mounted and may be read, each instance of which a file is there has a last row that is made of one of its files,
    ///   and each other one a last row of Type DELETE.
    /// - What is held is more than `holdDeletions` lets go and has truly gone, and no path is held at which a file is.
    /// - Nothing is out of reach, and nothing is wrong, once all is mounted and may be read.
    @Suite struct AbsenceModelTests {
        /// `DICOMEXPORT_TEST_STEPS` says how many steps, `DICOMEXPORT_TEST_SEED` repeats them (not the scheduler's choices).
        @Test func `no false deletion, none missing, no hold without cause`() throws {
            guard let namespace = try MountNamespace() else {
                return skip("random mounts below a store: no mount namespaces here")
            }
            let steps = Environment.variable("DICOMEXPORT_TEST_STEPS").flatMap { Int($0) } ?? 250
            var random = SeededGenerator.fromEnvironment(or: 1)
            print("\(steps) steps of absence: DICOMEXPORT_TEST_SEED=\(random.seed)")
            let daemon = try Daemon(settings: ["settle = \"50ms\"", "rescanInterval = \"1h\""])
            let player = try AbsencePlayer(daemon, namespace, random: SeededGenerator(seed: random.next()))
            let referee = AbsenceReferee(daemon, player)
            var step = 0
            do {
                try referee.rest()
                while step < steps {
                    step += 1
                    try player.step()
                    try referee.checkDeletions()
                    switch Int.random(in: 0..<60, using: &random) {
                    case 0..<2: try referee.rest()
                    case 2..<8: try referee.rescan(allowsHeld: Bool.random(using: &random))
                    default: break
                    }
                }
                try referee.rest()
                try daemon.stop()
            } catch {
                let steps = player.history.suffix(60).joined(separator: "\n")
                throw TestFailure("seed \(random.seed), step \(step): \(error)\n\(steps)\n\(daemon.tail())")
            }
            print("\(step) steps, \(referee.summary)")
        }
    }
}
