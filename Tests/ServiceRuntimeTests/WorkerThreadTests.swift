import Glibc
import Operations
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import ServiceRuntime

/// Threads of our own.
@Suite struct WorkerThreadTests {
    /// What the kernel calls the calling thread.
    @Sendable private static func name() -> String {
        let bytes = (try? Files.read("/proc/thread-self/comm")) ?? []
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    @Test(arguments: [
        ("intake", "intake"), ("table-upgrade", "table-upgrade"), ("fifteen-letters", "fifteen-letters"),
        ("a-name-that-is-too-long", "a-name-that-is-"),
    ])
    func `a thread is called by its name, as far as the kernel lets it`(name: String, shown: String) throws {
        let answer = Handover<String>()
        let thread = try WorkerThread(name: name) { answer.put(Self.name()) }
        #expect(answer.take() == shown)
        thread.join()
        #expect(Self.name() != shown)
    }

    @Test func `it is a thread of its own, and joining waits for its end`() throws {
        let ended = Mutex<pthread_t?>(nil)
        let go = Handover<Void>()
        let thread = try WorkerThread(name: "test") {
            go.take()
            ended.withLock { $0 = pthread_self() }
        }
        #expect(ended.withLock { $0 } == nil)
        go.put(())
        thread.join()
        let number = try #require(ended.withLock { $0 })
        #expect(pthread_equal(number, pthread_self()) == 0)
    }

    @Test func `joining again returns at once`() throws {
        let thread = try WorkerThread(name: "test") {}
        for _ in 0..<3 { thread.join() }
    }

    @Test func `what a thread works with is let go when it has ended`() throws {
        final class Tool: Sendable {}
        var tool: Tool? = Tool()
        weak let kept = tool
        let go = Handover<Void>()
        let thread = try WorkerThread(name: "test") { [tool] in
            go.take()
            withExtendedLifetime(tool) {}
        }
        tool = nil
        #expect(kept != nil)
        go.put(())
        thread.join()
        #expect(kept == nil)
    }

    @Test func `a hundred threads work side by side`() throws {
        let count = Mutex(0)
        let gate = (0..<100).map { _ in Handover<Void>() }
        let threads = try gate.map { gate in
            try WorkerThread(name: "test") {
                gate.take()
                count.withLock { $0 += 1 }
            }
        }
        // The last one begun ends first: none waits for another.
        for (gate, thread) in zip(gate, threads).reversed() {
            gate.put(())
            thread.join()
        }
        #expect(count.withLock { $0 } == 100)
    }
}
