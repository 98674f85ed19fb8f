import Glibc
import TestSupport

/// What `/status` says, each fact in one place.
extension Daemon {
    var storeStatus: JSON {
        get throws { try status()["stores"].items.first ?? .null }
    }

    /// No scan runs, and the stream has all that the log has.
    func isSettled() throws -> Bool {
        let store = try storeStatus
        let streams = store["streams"].items
        return store["scan"]["state"].string != "running" && !streams.isEmpty
            && streams.allSatisfy {
                $0["state"].string == "current" && $0["pending"].integer == 0
            }
    }

    /// Waits until all that happened in the store before has been seen and has its rows: events come in order, so a
    /// last file, which is no instance, is listed as skipped only after everything else.
    func waitUntilSettled(within limit: Duration = .seconds(60)) throws {
        barriers += 1
        let name = "barrier-\(barriers)"
        try Files.write([UInt8](repeating: 0x2E, count: 200), to: "\(store)/\(name)")
        try eventually("\(name) is seen; the log:\n\(tail())", within: limit) {
            try failures(withBarriers: true).contains { $0["path"].string == name }
        }
        try Files.remove("\(store)/\(name)")
        try eventually("nothing is pending; \(try status())", within: limit) { try isSettled() }
    }

    func isDegraded() throws -> Bool {
        try status()["state"].string == "degraded"
    }

    /// All that it says is wrong, in one text.
    func reasons() throws -> String {
        let status = try status()
        let store = try storeStatus
        let texts = status["reasons"].items + store["reasons"].items + store["streams"].items.map { $0["reason"] }
        return texts.compactMap(\.string).joined(separator: "\n")
    }

    func streamState() throws -> String {
        try storeStatus["streams"].items.first?["state"].string ?? "none"
    }

    func overflows() throws -> Int { try storeStatus["watch"]["overflows"].integer }

    func unwatchedDirectories() throws -> Int { try storeStatus["watch"]["unwatchedDirectories"].integer }

    /// The masks of its inotify watches, as the kernel has them.
    func watchMasks() throws -> [UInt32] {
        let id = process?.id ?? 0
        var masks: [UInt32] = []
        for name in Files.names(in: "/proc/\(id)/fdinfo") {
            // A descriptor may be closed between listing and reading.
            guard let bytes = try? Files.read("/proc/\(id)/fdinfo/\(name)") else { continue }
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("inotify ") {
                let mask = line.split(separator: " ").first { $0.hasPrefix("mask:") }?.dropFirst(5)
                if let mask, let value = UInt32(mask, radix: 16) { masks.append(value) }
            }
        }
        return masks
    }
}
