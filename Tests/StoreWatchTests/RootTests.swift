import Glibc
import Testing

@testable import StoreWatch

/// A store that vanishes is not a store that was emptied.
@Suite struct RootTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    @Test func `a store that is not there yet is awaited`() throws {
        try store.removeDirectory("")
        let replay = try Replay(store)
        try replay.wait { $0 == .rootLost("No such file or directory") }
        #expect(replay.watch.root == nil)
        try store.makeDirectory("")
        try store.write("a.dcm")
        try replay.wait { if case .rootChanged = $0 { true } else { false } }
        try replay.waitForScan()
        #expect(replay.live == ["a.dcm"])
        try replay.settle(store)
    }

    @Test func `a store that is renamed away is lost once and nothing in it is gone`() throws {
        let replay = try Replay(store)
        try store.makeDirectory("a")
        try store.write("a/1.dcm")
        try replay.settle(store)
        let identity = try #require(replay.watch.root?.identity)
        _ = replay.takeChanges()
        try store.rename(store.path, store.outside("away"))
        try replay.wait { if case .rootLost = $0 { true } else { false } }
        #expect(replay.live == ["a/1.dcm"])
        // Whatever happens there now is not in the store.
        try store.write(store.outside("away/2.dcm"))
        #expect(try replay.step(deadline: .now).isEmpty)
        try store.rename(store.outside("away"), store.path)
        try replay.wait { $0 == .rootChanged(identity) }
        try replay.waitForScan()
        #expect(replay.live == ["a/1.dcm", "2.dcm"])
        let losses = replay.takeChanges().filter { if case .rootLost = $0 { true } else { false } }
        #expect(losses.count == 1)
        try store.write("a/3.dcm")
        try replay.settle(store)
        #expect(replay.live.contains("a/3.dcm"))
    }

    @Test func `another directory in the store's place is another store`() throws {
        let replay = try Replay(store)
        try store.write("1.dcm")
        try replay.settle(store)
        let root = try #require(replay.watch.root)
        try store.makeDirectory(store.outside("other"))
        try store.write(store.outside("other/2.dcm"))
        _ = replay.takeChanges()
        try store.exchange(store.path, store.outside("other"))
        try replay.wait { if case .rootChanged = $0 { true } else { false } }
        try replay.waitForScan()
        let changes = replay.takeChanges()
        #expect(!changes.contains { if case .gone = $0 { true } else { false } })
        #expect(replay.watch.root?.identity != root.identity)
        #expect(throws: StoreError.rootReplaced(try StoreRoot(at: store.path).identity)) { _ = try root.open("1.dcm") }
        #expect(replay.live == ["2.dcm"])
    }

    @Test func `a store that is replaced during a scan ends the scan as incomplete`() throws {
        for index in 0..<100 { try store.write("\(index).dcm") }
        let replay = try Replay(store)
        try replay.step(limit: 8)
        #expect(replay.watch.status.scanning == .start)
        try store.makeDirectory(store.outside("other"))
        try store.exchange(store.path, store.outside("other"))
        try replay.wait {
            if case .scanEnded(let report) = $0 { !report.isComplete && report.reason == .start } else { false }
        }
        try replay.wait {
            if case .scanEnded(let report) = $0 { report.isComplete && report.reason == .rootChanged } else { false }
        }
    }

    @Test func `a store whose path leads through a link is watched where it is`() throws {
        try store.symlink(to: store.path, store.outside("link"))
        let watch = try StoreWatch(root: store.outside("link"))
        watch.arm()
        #expect(watch.root?.identity == (try StoreRoot(at: store.path).identity))
        try store.write("a.dcm")
        var changes: [Change] = []
        while !changes.contains(.changed("a.dcm")) { changes += try watch.next(deadline: Replay.patience) }
    }

    @Test func `an idle watch holds nothing of the store open`() throws {
        let replay = try Replay(store)
        try store.makeDirectories("a/b/c")
        try store.write("a/b/c/1.dcm")
        try replay.settle(store)
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        #expect(try openDescriptors(below: store.path) == [])
    }

    @Test func `waking and deadlines end a wait, and a request from another thread begins a scan`() throws {
        let replay = try Replay(store)
        try replay.waitForScan()
        replay.watch.waker.wake()
        #expect(try replay.step().isEmpty)
        let begin = ContinuousClock.now
        #expect(try replay.step(deadline: begin + .milliseconds(20)).isEmpty)
        #expect(ContinuousClock.now - begin >= .milliseconds(20))
        replay.watch.waker.requestScan()
        try replay.waitForScan(.request)
        #expect(replay.watch.status.lastScan?.reason == .request)
    }

    private func openDescriptors(below path: String) throws -> [String] {
        var found: [String] = []
        for descriptor in 0..<1024 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
            guard count > 0 else { continue }
            let target = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            if target.hasPrefix(path) { found.append(target) }
        }
        return found
    }
}
