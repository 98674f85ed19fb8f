import Glibc
import TestSupport

/// What the service says of what is not there.
extension Daemon {
    /// A root without the capability to read everything, so that rights count.
    static var withoutOverride: [String] {
        geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
    }

    func outOfReach() throws -> Int { try storeStatus["outOfReachFiles"].integer }
    func held() throws -> Int { try storeStatus["heldDeletions"].integer }

    /// A rescan from the request to its end.
    func rescan(allowDeletions: Bool = false) throws -> JSON {
        let body = "{\"allowDeletions\": \(allowDeletions)}"
        let answer = try client.send("POST", "\(storeName):rescan", body: body)
        guard answer.status == 200, let name = try answer.json["name"].string else {
            throw TestFailure("rescan: \(try answer.json)\n\(tail())")
        }
        return try waitForEnd(of: name)
    }

    /// How many rows say that something was deleted.
    func deletions() throws -> Int {
        try Table(self).value("SELECT count(*) FROM instances WHERE Type = 'DELETE'") ?? 0
    }

    func metric(_ name: String) throws -> Int {
        let text = String(decoding: try client.send("GET", "/metrics").body, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("dicomexportd_\(name){") }
        return Int(line?.split(separator: " ").last ?? "") ?? -1
    }

    /// Writes instances straight into a directory.
    static func put(_ numbers: Range<Int>, into directory: String, mark: String = "first") throws {
        try Files.makeDirectories(directory)
        for number in numbers {
            try Files.write(InstanceFile("1.2.3.\(number)", mark: mark).bytes, to: "\(directory)/\(number)")
        }
    }
}
