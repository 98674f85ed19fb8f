import ArgumentParser
import ControlSocketClient
import HealthcareAPI
internal import Vocabulary
import WarehouseQuery

/// Where the tables are.
struct WarehouseOptions: ParsableArguments {
    @Option(help: "The warehouse's directory, so that the service need not be asked where it is.")
    var warehouse: String?

    private static let hint = "The service was only asked where the tables are: --warehouse DIR says so as well."

    func location(_ global: GlobalOptions) async throws -> WarehouseLocation {
        if let warehouse { return WarehouseLocation(root: warehouse) }
        do {
            let found = try await global.client.send(.status, as: ServiceStatus.self).warehouse
            return WarehouseLocation(root: found.root, projects: found.projects)
        } catch ControlClient.Failure.unreachable(let reason) {
            throw ControlClient.Failure.unreachable("\(reason)\n\(Self.hint)")
        } catch ControlClient.Failure.refused(let status) {
            let message = "\(status.code.name): \(status.message)\n\(Self.hint)"
            throw CommandFailure(status: .failed, message: message)
        }
    }

    /// Reads the warehouse until done or interrupted; `sql` is what errors point into.
    func withSession(_ global: GlobalOptions, sql: String = "", _ body: (QuerySession) throws -> Void) async throws {
        let location = try await location(global)
        Interruption.watch()
        do {
            let session = try QuerySession(location)
            session.stop { _ in Interruption.isWanted ? 1 : 0 }
            try body(session)
        } catch let error as QueryError {
            if Interruption.isWanted { throw CommandFailure(status: .interrupted, message: "Interrupted.") }
            throw CommandFailure(status: .failed, message: error.text(in: sql))
        }
    }
}
