import Glibc
import TestSupport

/// A real Orthanc, set up as Debian's package does it: plain files named by random numbers, its index beside them. An instance
/// that is sent again is stored under a new name, and the file before is removed.
final class Orthanc {
    private let process: ChildProcess
    private let port: Int
    private let api: String
    private let log: String

    /// Where it is installed: `/usr/sbin` need not be in `PATH`.
    static var executable: String? {
        ["/usr/sbin/Orthanc", "/usr/bin/Orthanc", "/usr/local/sbin/Orthanc"].first { access($0, X_OK) == 0 }
    }

    init(_ executable: String, into storage: String, configuration: String, log: String) throws {
        port = try StoreReceiver.freePort()
        let http = try StoreReceiver.freePort()
        api = "http://localhost:\(http)"
        self.log = log
        let text = """
            {
              "Name": "test", "DicomAet": "TEST", "DicomPort": \(port), "HttpPort": \(http),
              "StorageDirectory": "\(storage)", "IndexDirectory": "\(storage)", "StorageCompression": false,
              "OverwriteInstances": true, "DicomCheckCalledAet": false, "DicomAlwaysAllowStore": true,
              "HttpServerEnabled": true, "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "Plugins": []
            }
            """
        try Files.write(Array(text.utf8), to: configuration)
        process = try ChildProcess([executable, configuration], output: log, environment: StoreReceiver.environment)
        try eventually("Orthanc listens; its log: \(Self.tail(log))", within: .seconds(60)) {
            if let ending = process.poll() { throw TestFailure("Orthanc ended (\(ending)): \(Self.tail(log))") }
            return try ChildProcess(["echoscu", "localhost", "\(port)"], output: log).waitForEnd() == .exited(0)
        }
    }

    /// Sends all files of a directory in one association, and waits until all are stored.
    func send(_ directory: String) throws {
        let sender = try ChildProcess(
            ["storescu", "--scan-directories", "localhost", "\(port)", directory],
            output: log,
            environment: StoreReceiver.environment
        )
        guard try sender.waitForEnd(within: .seconds(120)) == .exited(0) else {
            throw TestFailure("storescu: \(Self.tail(log))")
        }
    }

    /// Deletes one of its resources, as its web page does.
    func delete(_ resource: String) throws {
        try request("DELETE", resource)
    }

    /// The resources of a level: `patients`, `instances`.
    func list(_ level: String) throws -> [String] {
        try request("GET", level).split(separator: "\"").map { String($0) }.filter { $0.contains("-") }
    }

    /// Not by a signal: the mask of the thread that started it may hold that back.
    func stop() throws {
        try request("POST", "tools/shutdown")
        try process.waitForEnd(within: .seconds(30))
    }

    @discardableResult
    private func request(_ method: String, _ path: String) throws -> String {
        try ChildProcess.run(["curl", "--silent", "--show-error", "--fail", "-X", method, "\(api)/\(path)"])
    }

    private static func tail(_ log: String) -> String {
        String(decoding: ((try? Files.read(log)) ?? []).suffix(2000), as: UTF8.self)
    }
}
