import TestSupport

/// Compares what a service says with what an ``AbsencePlayer`` has done.
final class AbsenceReferee {
    private let daemon: Daemon
    private let player: AbsencePlayer
    private var rows: [Row] = []
    private var deletions: [String: Int] = [:]
    private var holds = 0
    private var allowances = 0

    init(_ daemon: Daemon, _ player: AbsencePlayer) {
        self.daemon = daemon
        self.player = player
    }

    var summary: String {
        "\(rows.count) rows, \(deletions.values.reduce(0, +)) deletions, \(holds) holds, \(allowances) allowances"
    }

    /// Every deletion so far was one.
    func checkDeletions() throws {
        for row in try Table(daemon).rows(after: rows.count) {
            rows.append(row)
            if row.type == "DELETE" { deletions[row.instance, default: 0] += 1 }
        }
        let wrong = player.model.falseDeletions(among: deletions)
        guard wrong.isEmpty else {
            let told = wrong.map { instance in
                "\(instance) at \(player.model.files.paths(of: instance)): \(rows.filter { $0.instance == instance })"
            }
            throw TestFailure("false deletions: \(told.joined(separator: "\n"))")
        }
        if player.isRunning, let ending = daemon.process?.poll() { throw TestFailure("the service ended: \(ending)") }
    }

    /// Asks for a scan, whatever is away, and lets go what is held, or not. What is held must have been missed, and must be too much.
    func rescan(allowsHeld: Bool) throws {
        guard player.isRunning else { return }
        try daemon.waitUntilReady()
        try plainRescan()
        player.confirm()
        try checkDeletions()
        let isHeld = try checkHold()
        let isLost = try daemon.outOfReach() > 0 && player.hasMovedDisks
        guard isHeld || isLost, allowsHeld else { return }
        allowances += 1
        let answer = try daemon.rescan(allowDeletions: true)
        try expect(answer["error"] == .null, "an allowance ends with \(answer)")
        player.giveUpWhatIsAway()
        player.hasMovedDisks = false
        try expect(try daemon.held() == 0, "something is held after it was allowed: \(try daemon.failures())")
        try waitUntilCurrent()
        try checkDeletions()
    }

    /// Brings all to rest, and compares the whole table.
    func rest() throws {
        try player.bringToRest()
        try rescan(allowsHeld: true)
        let model = player.model
        do {
            try eventually("all is in reach, and nothing is wrong; \(try daemon.status())") {
                try daemon.outOfReach() == 0 && !daemon.isDegraded() && daemon.isSettled()
            }
            try eventually("the table is what it must be") { try model.files.missing(in: Table(daemon).rows()).isEmpty }
        } catch {
            throw TestFailure("\(error)\n\(model.files.missing(in: try Table(daemon).rows()))")
        }
        // What has been scanned again is the same.
        try plainRescan()
        player.confirm()
        try checkDeletions()
        try expect(model.files.missing(in: rows).isEmpty, "\(model.files.missing(in: rows))")
        let surplus = model.files.surplus(in: rows).filter { !$0.hasSuffix(" is deleted twice") }
        try expect(surplus.isEmpty, "\(surplus)")
        try expect(try daemon.held() == 0 && daemon.outOfReach() == 0, "\(try daemon.status())")
        let known = try daemon.storeStatus["instances"].integer
        try expect(known == model.paths.count, "\(known) files are known, and there are \(model.paths.count)")
    }

    private func plainRescan() throws {
        try daemon.waitUntilSettled()
        let answer = try daemon.rescan()
        try expect(answer["error"] == .null, "a rescan ends with \(answer)")
        try waitUntilCurrent()
    }

    private func waitUntilCurrent() throws {
        try eventually("the table has it all; \(try daemon.status())", within: .seconds(60)) { try daemon.isSettled() }
    }

    /// Whether something is held. It is with cause only.
    private func checkHold() throws -> Bool {
        guard try daemon.held() > 0 else { return false }
        holds += 1
        let held = try daemon.failures().filter { $0["code"].string == "HELD_DELETION" }
            .compactMap { $0["path"].string }
        let there = held.filter { player.model.files.present[$0] != nil }
        try expect(there.isEmpty, "held, and there: \(there)")
        // A fifth of the live instances, of over 100.
        let (absent, live) = player.model.undeleted(in: rows)
        try expect(live > 100 && absent * 5 > live, "\(held.count) are held, where \(absent) of \(live) are missing")
        return true
    }

    private func expect(_ holds: Bool, _ fault: @autoclosure () throws -> String) throws {
        if !holds { throw TestFailure(try fault()) }
    }
}
