internal import Vocabulary

extension ServiceConfiguration {
    /// Reads and checks a configuration.
    ///
    /// - Parameters:
    ///   - text: The TOML document.
    ///   - file: The name of its file, for the text of errors.
    ///   - stateDirectory: The default for `stateDirectory`: what the service manager gave, or nil.
    /// - Returns: A configuration that is consistent in itself. Whether its directories and groups exist is not asked.
    /// - Throws: Everything that is wrong with it; of errors of syntax only the first.
    package static func parse(
        _ text: String,
        file: String? = nil,
        stateDirectory: String? = nil
    ) throws(ConfigurationErrors) -> ServiceConfiguration {
        let document: TOMLNode
        do throws(ConfigurationError) {
            document = try TOMLParser.parse(text)
        } catch {
            throw ConfigurationErrors(file: file, [error])
        }
        guard case .table(let entries) = document.value else { return ServiceConfiguration() }
        let problems = Problems(document)
        var reader = TableReader(entries, name: .root, problems: problems)
        let configuration = ServiceConfiguration(&reader, stateDirectory: stateDirectory ?? defaultStateDirectory)
        guard problems.errors.isEmpty else { throw ConfigurationErrors(file: file, problems.errors) }
        return configuration
    }

    private init(_ reader: inout TableReader, stateDirectory: String) {
        self.init(stateDirectory: reader.path("stateDirectory") ?? stateDirectory)
        warehouse = reader.path("warehouse") ?? warehouse
        controlSocket = reader.path("controlSocket") ?? controlSocket
        // A record can be looked up at least as long as it takes to look: an hour. Ten years is "for ever".
        operationRetention = reader.duration(
            "operationRetention",
            default: operationRetention,
            in: .seconds(3600) ... .seconds(3650 * 86_400)
        )
        logPaths = reader.boolean("logPaths", default: logPaths)
        minimumFreeSpace = reader.size("minimumFreeSpace", default: minimumFreeSpace, in: 0...Int.max)
        if let table = reader.table("buckets") { buckets = Self.buckets(table) }
        if let table = reader.table("projects") { projects = Self.projects(table) }
        if var table = reader.table("access") { access = AccessConfiguration(&table) }
        if var table = reader.table("batch") { batch = BatchConfiguration(&table) }
        if var table = reader.table("limits") { limits = LimitsConfiguration(&table) }
        // Stores keep the index that they have in the file, so that later checks can name them.
        var readers = reader.tables("dicomStores")
        let stores = readers.indices.compactMap { index in
            StoreConfiguration(&readers[index]).map { (readers[index].name, $0) }
        }
        dicomStores = stores.map(\.1)
        reader.reportUnknownKeys()
        checkConsistency(stores, reader.problems)
    }

    private static func buckets(_ table: TableReader) -> [String: String] {
        var table = table
        var buckets: [String: String] = [:]
        for key in table.keys {
            if !BucketName.isValid(key) {
                table.report(key, "is not a bucket's name: 3 to 222 lower-case letters, digits, -, _ and .")
            }
            buckets[key] = table.path(key)
        }
        return buckets
    }

    private static func projects(_ table: TableReader) -> [String: ProjectConfiguration] {
        var table = table
        var projects: [String: ProjectConfiguration] = [:]
        for key in table.keys {
            if !ResourceName.isProject(key) { table.report(key, "is not a project ID") }
            guard var entry = table.table(key) else { continue }
            projects[key] = ProjectConfiguration(&entry)
        }
        return projects
    }
}
