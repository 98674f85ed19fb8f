import Glibc
import Testing

@testable import StoreWatch

/// The kernel's queue is finite: what does not fit has to be found by looking.
@Suite struct OverflowTests {
    let store: TestStore
    let replay: Replay

    init() throws {
        store = try TestStore()
        replay = try Replay(store)
        try replay.waitForScan()
        _ = replay.takeChanges()
    }

    /// `fs.inotify.max_queued_events`, 16,384 unless somebody has changed it.
    private static let queueLength: Int = {
        guard let file = fopen("/proc/sys/fs/inotify/max_queued_events", "r") else { return 16_384 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, CInt(line.count), file) != nil else { return 16_384 }
        return Int(strtol(line, nil, 10))
    }()

    @Test(.enabled(if: queueLength <= 100_000, "the kernel's queue is too long here to be filled"))
    func `more events than the queue holds cost no file`() throws {
        try store.makeDirectories("old/sub")
        try store.write("old/sub/0.dcm")
        try replay.settle(store)
        // Two events each.
        let count = Self.queueLength / 2 + 500
        for index in 0..<count { try store.write("\(index).dcm") }
        // The kernel tells of none of these.
        try store.rename("old", "new")
        try store.write("new/sub/1.dcm")
        try store.makeDirectories("a/b")
        try store.write("a/b/1.dcm")
        try store.remove("0.dcm")
        try replay.waitForScan()
        try replay.settle(store)
        #expect(replay.live.symmetricDifference(store.files()) == [])
        #expect(replay.live.count == count + 2)
        #expect(replay.watch.status.overflows == 1)
        #expect(replay.watch.status.lastScan?.reason == .overflow)
        #expect(replay.watch.status.watches == store.directories().count)
        #expect(replay.watch.status.unwatchedDirectories == 0)
        // What was moved unseen is watched where it is now.
        _ = replay.takeChanges()
        try store.write("new/sub/2.dcm")
        try store.write("a/b/2.dcm")
        try replay.settle(store)
        #expect(Set(replay.takeChanges()) == [.changed("new/sub/2.dcm"), .changed("a/b/2.dcm")])
    }

    @Test func `a scan during which events were lost proves no absence, and another follows`() throws {
        for index in 0..<100 { try store.write("\(index).dcm") }
        try replay.settle(store)
        replay.watch.requestScan()
        try replay.step(limit: 8)
        replay.watch.noteOverflow()
        var reports: [ScanReport] = []
        while reports.count < 2 {
            reports += try replay.step().compactMap { if case .scanEnded(let report) = $0 { report } else { nil } }
        }
        #expect(reports.map(\.isComplete) == [false, true])
        #expect(reports.map(\.reason) == [.request, .overflow])
        #expect(replay.live.count == 100)
    }

    @Test func `scanning causes no events`() throws {
        for directory in 0..<20 {
            try store.makeDirectory("\(directory)")
            for index in 0..<1000 { try store.write("\(directory)/\(index).dcm") }
            try replay.settle(store)
        }
        let overflows = replay.watch.status.overflows
        for _ in 0..<3 {
            replay.watch.requestScan()
            try replay.waitForScan(.request)
        }
        _ = replay.takeChanges()
        #expect(try replay.step(deadline: .now).isEmpty)
        #expect(replay.watch.status.overflows == overflows)
        #expect(replay.watch.status.lastScan?.files == 20_000)
        let forbidden = UInt32(IN_OPEN | IN_ACCESS | IN_CLOSE_NOWRITE | IN_MODIFY)
        #expect(Inotify.mask & forbidden == 0)
    }
}
