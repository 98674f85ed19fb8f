import Glibc
import Synchronization
import TestSupport

/// Does to a store, on a thread of its own, what gateways and people do to it, and keeps account.
final class RandomWriter: Sendable {
    private struct State {
        var model = StoreModel()
        var random: SeededGenerator
        var number = 0
        var directories: [String]
        var finished = false
        var failure: String?
    }

    private let store: String
    private let outside: String
    private let state: Mutex<State>
    private let stopping = Mutex(false)

    /// `outside` is a directory on the same file system, for what is moved in.
    init(store: String, outside: String, random: SeededGenerator) {
        self.store = store
        self.outside = outside
        state = Mutex(State(random: random, directories: [""]))
    }

    /// Starts; each operation is done before the next.
    func start() {
        let thread = Unmanaged.passRetained(self)
        var id = pthread_t()
        pthread_create(
            &id,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<RandomWriter>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            thread.toOpaque()
        )
        pthread_detach(id)
    }

    /// Ends, and returns what has been done.
    func finish() throws -> StoreModel {
        stopping.withLock { $0 = true }
        try eventually("the writer ends") { state.withLock { $0.finished } }
        return try state.withLock { state in
            if let failure = state.failure { throw TestFailure("the writer failed: \(failure)") }
            return state.model
        }
    }

    private func run() {
        while !stopping.withLock({ $0 }) {
            let pause = state.withLock { state -> UInt32 in
                do { try step(&state) } catch { state.failure = "\(error)" }
                return UInt32.random(in: 0..<50_000, using: &state.random)
            }
            usleep(pause)
        }
        state.withLock { $0.finished = true }
    }

    private func step(_ state: inout State) throws {
        state.number += 1
        let paths = state.model.present.keys.sorted()
        // Bounded, so that each file is changed often, and so that the service's caution with the deletions of larger
        // stores (a fifth at once) is not what is tested.
        let choice =
            paths.count > 60
            ? Int.random(in: 60..<100, using: &state.random) : Int.random(in: 0..<100, using: &state.random)
        let path = paths.randomElement(using: &state.random)
        switch (choice, path) {
        case (0..<25, _): try arrive(&state)
        case (25..<35, let path?): try copy(path, &state)
        case (35..<45, let path?): try replace(path, inPlace: true, &state)
        case (45..<60, let path?): try replace(path, inPlace: false, &state)
        case (60..<70, let path?): try rename(path, to: freePath(&state), &state)
        case (70..<74, let path?):
            // Onto another file, which is thereby replaced.
            if let other = paths.randomElement(using: &state.random), other != path {
                try rename(path, to: other, &state)
            }
        case (74..<94, let path?):
            try Files.remove("\(store)/\(path)")
            state.model.remove(path)
        case (94..<97, _): try makeDirectory(&state)
        case (97..<100, _): try renameDirectory(&state)
        default: try arrive(&state)
        }
    }

    private func freePath(_ state: inout State) -> String {
        let directory = state.directories.randomElement(using: &state.random) ?? ""
        return "\(directory)f\(state.number).dcm"
    }

    /// A new version of an instance, mostly of a new one.
    private func version(_ state: inout State) -> (instance: String, mark: String, bytes: [UInt8]) {
        let instance = "1.2.3.\(Int.random(in: 0..<60, using: &state.random))"
        var file = InstanceFile(instance, mark: "v\(state.number)")
        file.pixels = 2 * Int.random(in: 0..<4000, using: &state.random) + 200
        return (instance, file.mark, file.bytes)
    }

    private func arrive(_ state: inout State) throws {
        let path = freePath(&state)
        let (instance, mark, bytes) = version(&state)
        switch Int.random(in: 0..<4, using: &state.random) {
        case 0: try Files.writeAndRename(bytes, to: "\(store)/\(path)")
        case 1:
            // Another directory's file moves in.
            try Files.write(bytes, to: "\(outside)/moved")
            try Files.rename("\(outside)/moved", to: "\(store)/\(path)")
        case 2:
            // A hard link, as some gateways hand files over.
            try Files.write(bytes, to: "\(outside)/linked")
            try Files.hardLink("\(outside)/linked", to: "\(store)/\(path)")
            try Files.remove("\(outside)/linked")
        default: try writeSlowly(bytes, to: path, &state)
        }
        state.model.write(mark, instance: instance, at: path)
    }

    /// In place and in two parts, with a moment between them. The first ends inside a value, so that it is no whole file.
    private func writeSlowly(_ bytes: [UInt8], to path: String, _ state: inout State) throws {
        let pause = UInt32.random(in: 0..<3000, using: &state.random)
        let split = Bool.random(using: &state.random) ? 301 : bytes.count - 99
        try Files.write(bytes, to: "\(store)/\(path)", split: split) { usleep(pause) }
    }

    private func copy(_ path: String, _ state: inout State) throws {
        let new = freePath(&state)
        try Files.copy("\(store)/\(path)", to: "\(store)/\(new)")
        state.model.copy(path, to: new)
    }

    private func replace(_ path: String, inPlace: Bool, _ state: inout State) throws {
        let (instance, mark, bytes) = version(&state)
        if inPlace {
            try writeSlowly(bytes, to: path, &state)
        } else {
            try Files.writeAndRename(bytes, to: "\(store)/\(path)")
        }
        state.model.write(mark, instance: instance, at: path)
    }

    private func rename(_ path: String, to new: String, _ state: inout State) throws {
        try Files.rename("\(store)/\(path)", to: "\(store)/\(new)")
        state.model.rename(path, to: new)
    }

    private func makeDirectory(_ state: inout State) throws {
        guard state.directories.count < 12 else { return try arrive(&state) }
        let parent = state.directories.randomElement(using: &state.random) ?? ""
        let path = "\(parent)d\(state.number)"
        try Files.makeDirectory("\(store)/\(path)")
        state.directories.append(path + "/")
    }

    private func renameDirectory(_ state: inout State) throws {
        guard let old = state.directories.dropFirst().randomElement(using: &state.random) else { return }
        let new = "r\(state.number)/"
        try Files.rename("\(store)/\(old.dropLast())", to: "\(store)/\(new.dropLast())")
        state.model.renameDirectory(String(old.dropLast()), to: String(new.dropLast()))
        state.directories = state.directories.map { $0.hasPrefix(old) ? new + $0.dropFirst(old.count) : $0 }
    }
}
