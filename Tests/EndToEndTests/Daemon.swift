import Glibc
import TestSupport

/// The real service on a store and a state of its own.
final class Daemon {
    static let parent = "/v1/projects/local/locations/local/datasets/dicom"

    let store: String
    let state: String
    private let directory: TemporaryDirectory
    private let arguments: [String]
    private(set) var process: ChildProcess?
    var barriers = 0

    var socket: String { state + "/control.sock" }
    var log: String { directory / "log" }
    var client: ControlClient { ControlClient(socketPath: socket) }
    /// The store's name on the wire; the last part is made of the directory's name, which is `store` here.
    var storeName: String { "\(Self.parent)/dicomStores/store" }
    var database: String { state + "/warehouse/local/dicom.db" }

    /// With `settings`, lines for the store's table, it is started with a configuration file instead of `--store`; what
    /// they do not set is as it is without one. `global` is for what stands before the stores;
    /// in it `$DIR` is a directory of the test's own. `streams` false leaves the store without a stream.
    init(settings: [String]? = nil, global: [String] = [], streams: Bool = true) throws {
        directory = try TemporaryDirectory()
        store = directory / "store"
        state = directory / "state"
        try Files.makeDirectory(store)
        try Files.makeDirectory(state)
        guard let settings else {
            arguments = ["--store", store, "--state", state]
            return
        }
        let configuration = """
            stateDirectory = "\(state)"
            warehouse = "\(state)/warehouse"
            controlSocket = "\(state)/control.sock"
            \(global.joined(separator: "\n").replacing("$DIR", with: directory.path))
            [[dicomStores]]
            name = "projects/local/locations/local/datasets/dicom/dicomStores/store"
            path = "\(store)"
            \(settings.joined(separator: "\n"))
            \(streams ? Self.stream : "")

            """
        try Files.write(Array(configuration.utf8), to: directory / "dicomexportd.toml")
        arguments = ["--config", directory / "dicomexportd.toml"]
    }

    private static let stream = """
        [[dicomStores.streamConfigs]]
        bigqueryDestination = { tableUri = "bq://local.dicom.instances" }
        backfill = true
        """

    /// A file beside store and state.
    func file(_ name: String) -> String { directory / name }

    deinit {
        // A stopped process dies of SIGKILL as well; its log is all that tells why a test failed.
        process = nil
        if let seen = try? Files.read(log), Environment.variable("DICOMEXPORT_TEST_LOG") != nil {
            print(String(decoding: seen, as: UTF8.self))
        }
    }

    /// Where the built executables are: beside the test bundle, unless `DICOMEXPORT_TEST_BIN` names a directory.
    static func executable(_ name: String) throws -> String {
        if let named = Environment.variable("DICOMEXPORT_TEST_BIN") { return "\(named)/\(name)" }
        guard let resolved = realpath("/proc/self/exe", nil) else { throw TestFailure("no /proc: \(Files.reason())") }
        let path = String(cString: resolved)
        free(resolved)
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        let found = "/\(directory)/\(name)"
        guard Files.exists(found) else { throw TestFailure("\(found) is not built") }
        return found
    }

    /// Starts the process and returns at once. `wrapper` goes before the command, as `strace` does.
    func launch(wrapper: [String] = [], environment: [String: String] = [:]) throws {
        let command = wrapper + [try Self.executable("dicomexportd")] + arguments
        process = try ChildProcess(command, output: log, environment: environment)
    }

    /// Starts it and waits until it answers.
    func start(wrapper: [String] = [], environment: [String: String] = [:]) throws {
        try launch(wrapper: wrapper, environment: environment)
        try waitUntilReady()
    }

    func waitUntilReady(within limit: Duration = .seconds(60)) throws {
        try eventually("the service answers; its log:\n\(tail())", within: limit) {
            if let ending = process?.poll() { throw TestFailure("the service ended (\(ending)):\n\(tail())") }
            return (try? client.send("GET", "/status").status) == 200
        }
    }

    func tail(_ count: Int = 3000) -> String {
        String(decoding: ((try? Files.read(log)) ?? []).suffix(count), as: UTF8.self)
    }

    func stop(within limit: Duration = .seconds(10)) throws {
        process?.signal(SIGTERM)
        let ending = try process?.waitForEnd(within: limit)
        process = nil
        guard ending == .exited(0) else { throw TestFailure("SIGTERM: \(String(describing: ending))\n\(tail())") }
    }

    func kill() throws {
        process?.signal(SIGKILL)
        try process?.waitForEnd(within: .seconds(10))
        process = nil
    }

    /// The process, which a wrapper may stand before.
    func pid() throws -> pid_t {
        guard let process else { throw TestFailure("the service is not started") }
        return process.id
    }

    func get(_ path: String) throws -> JSON {
        let answer = try client.send("GET", path)
        guard answer.status == 200 else {
            throw TestFailure("GET \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return try answer.json
    }

    func status() throws -> JSON { try get("/status") }
}

/// What a stream's operation says.
struct Counters: Equatable {
    var pending = 0
    var success = 0
    var failure = 0
}

extension Daemon {
    /// The operation of the only stream.
    func streamOperation() throws -> JSON {
        let operations = try get("\(Self.parent)/operations")["operations"].items
        guard
            let stream = operations.first(where: { $0["metadata"]["apiMethodName"].string?.contains("Stream") == true })
        else { throw TestFailure("no stream among \(operations)") }
        return stream
    }

    func counters() throws -> Counters {
        let counter = try streamOperation()["metadata"]["counter"]
        return Counters(
            pending: counter["pending"].integer,
            success: counter["success"].integer,
            failure: counter["failure"].integer
        )
    }

    /// All pages of the store's failures and skipped files.
    func failures(withBarriers: Bool = false) throws -> [JSON] {
        var all: [JSON] = []
        var token = ""
        repeat {
            let page = try get("\(storeName)/failures?pageSize=1000" + (token.isEmpty ? "" : "&pageToken=\(token)"))
            all += page["failures"].items
            token = page["nextPageToken"].string ?? ""
        } while !token.isEmpty
        return withBarriers ? all : all.filter { $0["path"].string?.hasPrefix("barrier-") != true }
    }

    /// Waits until the table has a number of rows, and returns them.
    @discardableResult
    func waitForRows(_ count: Int, within limit: Duration = .seconds(60)) throws -> [Row] {
        let table = Table(self)
        do {
            return try eventually("\(count) rows", within: limit) {
                if let ending = process?.poll() { throw TestFailure("the service ended (\(ending)):\n\(tail())") }
                return try table.count() >= count ? try table.rows() : nil
            }
        } catch let failure as TestFailure {
            throw TestFailure("\(failure); there are \(try table.count())\n\(tail())")
        }
    }
}

extension Daemon {
    /// Waits until the files are older than the time within which an entry of the log is looked at again (ctime: it cannot be
    /// set).
    func ageFiles() throws {
        let files = Files.tree(store).map { "\(store)/\($0)" }
        try eventually("the files are old enough", within: .seconds(10)) {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return try files.allSatisfy { path in
                var status = stat()
                try Files.check(stat(path, &status), "stat")
                return status.st_ctim.tv_sec + 3 < now.tv_sec
            }
        }
    }

    /// Ends a service that was started under `strace`: the tracer's only child gets the signal.
    func stopTraced() throws {
        guard let tracer = process else { return }
        let children = try Files.read("/proc/\(tracer.id)/task/\(tracer.id)/children")
        guard let child = pid_t(String(decoding: children, as: UTF8.self).prefix { $0.isNumber }) else {
            throw TestFailure("strace has no child")
        }
        Glibc.kill(child, SIGTERM)
        guard try tracer.waitForEnd(within: .seconds(20)) == .exited(0) else { throw TestFailure("strace: \(tail())") }
        process = nil
    }
}
