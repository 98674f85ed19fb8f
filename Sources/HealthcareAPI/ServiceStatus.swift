/// The whole service in one object: the answer of `GET /status`.
package struct ServiceStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable {
        case starting
        case running
        /// It works, but something needs a person; see ``ServiceStatus/reasons``.
        case degraded
        case stopping
    }

    package struct Warehouse: Codable, Hashable, Sendable {
        /// Directory of the datasets of projects that have none of their own.
        package var root: String
        /// Directories of projects that have their own.
        package var projects: [String: String]

        package init(root: String, projects: [String: String] = [:]) {
            self.root = root
            self.projects = projects
        }
    }

    package var state: State
    /// Why it is degraded: a sentence each.
    package var reasons: [String]
    /// What goes on beside, and needs nobody: `bq://p.d.t: table upgrade 42%`.
    package var notes: [String]?
    package var version: String
    package var pid: Int32
    package var since: Timestamp
    /// Resident memory.
    @Int64Text package var memoryBytes: Int64
    /// When the configuration was last read.
    package var configured: Timestamp?
    package var warehouse: Warehouse
    package var storage: StorageStatus?
    /// Operations that are remembered, by method and state.
    package var operations: [StatusCount]?
    /// Connections to the control socket that were refused, by code.
    package var refusedConnections: [StatusCount]?
    package var stores: [StoreStatus]

    package init(
        state: State,
        reasons: [String] = [],
        notes: [String]? = nil,
        version: String,
        pid: Int32,
        since: Timestamp,
        memoryBytes: Int64 = 0,
        configured: Timestamp? = nil,
        warehouse: Warehouse,
        storage: StorageStatus? = nil,
        operations: [StatusCount]? = nil,
        refusedConnections: [StatusCount]? = nil,
        stores: [StoreStatus] = []
    ) {
        self.state = state
        self.reasons = reasons
        self.notes = notes
        self.version = version
        self.pid = pid
        self.since = since
        self._memoryBytes = Int64Text(wrappedValue: memoryBytes)
        self.configured = configured
        self.warehouse = warehouse
        self.storage = storage
        self.operations = operations
        self.refusedConnections = refusedConnections
        self.stores = stores
    }
}
