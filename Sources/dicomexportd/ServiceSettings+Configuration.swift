internal import BigQueryTable
internal import Configuration
internal import DICOM
internal import Operations
internal import ServiceRuntime
internal import StoreWatch
internal import Vocabulary
internal import Warehouse

extension ServiceSettings {
    /// What the pipeline is told of a configuration. Throws for a table's name that breaks the rules.
    init(_ configuration: ServiceConfiguration) throws(InvalidName) {
        var stores: [StoreSettings] = []
        for store in configuration.dicomStores { stores.append(try StoreSettings(store)) }
        self.init(
            stateDirectory: configuration.stateDirectory,
            warehouse: configuration.warehouse,
            stores: stores
        )
        projects = configuration.projects.mapValues { ProjectLocation(path: $0.path, group: $0.group) }
        exportRights = configuration.projects.mapValues(\.allowExportFrom).filter { !$0.value.isEmpty }
        buckets = configuration.buckets
        batchRows = configuration.batch.rows
        batchDelay = configuration.batch.delay
        minimumFreeSpace = UInt64(configuration.minimumFreeSpace)
        operationRetention = configuration.operationRetention
        readLimits = ReadLimits(
            elementBytes: configuration.limits.elementBytes,
            sequenceDepth: configuration.limits.sequenceDepth,
            headerBytes: configuration.limits.headerBytes
        )
        columnLimits = ColumnLimits(columns: configuration.limits.columns)
    }
}

extension StoreSettings {
    fileprivate init(_ store: StoreConfiguration) throws(InvalidName) {
        self.init(name: store.name, path: store.path)
        labels = store.labels
        watch = WatchOptions(ignore: store.ignore, settle: store.settle, rescanInterval: store.rescanInterval)
        incompleteTimeout = store.incompleteTimeout
        deletions = store.deletions == .append ? .append : .ignore
        holdDeletions =
            switch store.holdDeletions {
            case .share(let percent): .share(percent: percent)
            case .off: .off
            }
        defaultCharacterSet = store.defaultCharacterSet
        for stream in store.streams {
            var settings = StreamSettings(table: try TableReference(uri: stream.tableURI))
            settings.kind = stream.schema == .json ? .json : .flattened
            settings.includesSourceStore = stream.includeSourceStore
            settings.backfill = stream.backfill
            streams.append(settings)
        }
    }
}
