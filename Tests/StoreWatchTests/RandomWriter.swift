import CLinux
import Glibc
import TestSupport

/// Does what writers do, at random, with few names, so that they meet. Failures are part of the game.
struct RandomWriter {
    let store: TestStore
    var generator: SeededGenerator

    init(_ store: TestStore, seed: UInt64) {
        self.store = store
        generator = SeededGenerator(seed: seed)
    }

    mutating func act() {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<4: try? store.write(file())
        case 4: writeAside()
        case 5, 6: try? store.remove(file())
        case 7: try? store.rename(file(), file())
        case 8: try? store.link(file(), file())
        case 9: try? store.symlink(to: file(), file())
        case 10: try? store.exchange(file(), file())
        case 11, 12, 13: try? store.makeDirectories(directory())
        case 14: try? store.removeDirectory(directory())
        case 15: removeFiles(of: directory())
        case 16: try? store.rename(directory(), directory())
        case 17: try? store.exchange(directory(), directory())
        case 18: try? store.rename(directory(), file())
        default: try? store.makePipe(file())
        }
    }

    private mutating func directory() -> String {
        let depth = Int.random(in: 1...4, using: &generator)
        return (0..<depth).map { _ in pick(["a", "b", "c", "d", ".hidden"]) }.joined(separator: "/")
    }

    private mutating func file() -> String {
        let name = pick(["1", "2", "3", "4", "5.part", "a"])
        return Int.random(in: 0..<4, using: &generator) == 0 ? name : directory() + "/" + name
    }

    private mutating func pick(_ names: [String]) -> String {
        names[Int.random(in: 0..<names.count, using: &generator)]
    }

    private mutating func writeAside() {
        let path = file()
        try? store.write(path + ".part")
        try? store.rename(path + ".part", path)
    }

    private func removeFiles(of directory: String) {
        for name in ["1", "2", "3", "4", "a"] { try? store.remove(directory + "/" + name) }
        try? store.removeDirectory(directory)
    }
}
