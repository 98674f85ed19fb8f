package import BigQueryTable
package import DICOM
package import StoreWatch
package import Vocabulary
package import Warehouse

/// What the pipeline is told, whatever configuration it came from.
package struct ServiceSettings: Sendable, Equatable {
    package var stateDirectory: String
    package var warehouse: String
    package var projects: [String: ProjectLocation]
    package var stores: [StoreSettings]
    /// For each project, the other projects whose stores may export to it.
    package var exportRights: [String: [String]]
    /// The directories behind `gs://` names.
    package var buckets: [String: String]
    /// Rows of a batch at most.
    package var batchRows: Int
    /// The longest that a row waits while more arrive.
    package var batchDelay: Duration
    /// Bytes; below it nothing is written.
    package var minimumFreeSpace: UInt64
    package var operationRetention: Duration
    package var readLimits: ReadLimits
    package var columnLimits: ColumnLimits

    package init(stateDirectory: String, warehouse: String, stores: [StoreSettings]) {
        self.stateDirectory = stateDirectory
        self.warehouse = warehouse
        self.stores = stores
        projects = [:]
        exportRights = [:]
        buckets = [:]
        batchRows = 500
        batchDelay = .milliseconds(50)
        minimumFreeSpace = 1 << 30
        operationRetention = .seconds(30 * 86_400)
        readLimits = ReadLimits()
        columnLimits = ColumnLimits()
    }
}

/// A DICOM store: a directory, and where its changes go.
package struct StoreSettings: Sendable, Equatable {
    /// `projects/…/locations/…/datasets/…/dicomStores/…`
    package var name: String
    package var path: String
    package var labels: [String: String] = [:]
    package var watch = WatchOptions()
    package var incompleteTimeout: Duration = .seconds(300)
    /// Whether the end of an instance makes a row of Type DELETE.
    package var deletions = Deletions.append
    package var holdDeletions = HoldDeletions.share(percent: 20)
    package var defaultCharacterSet = "ISO_IR 100"
    package var streams: [StreamSettings] = []

    package enum Deletions: String, Sendable { case append, ignore }

    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

/// A table that a store's changes are appended to.
package struct StreamSettings: Sendable, Equatable {
    package var table: TableReference
    package var kind = SchemaKind.flattened
    package var includesSourceStore = false
    /// Whether it begins with what is live when it first starts.
    package var backfill = false

    package init(table: TableReference) { self.table = table }
}

/// How much of a store may be found missing by one scan before its deletions are held.
package enum HoldDeletions: Sendable, Equatable {
    /// More than so many percent of the live instances are held.
    case share(percent: Int)
    /// Never held.
    case off
}
