extension ServiceConfiguration {
    /// Reports what is right by itself and wrong together.
    ///
    /// - Parameters:
    ///   - stores: The stores that could be read, each with its name in the file.
    ///   - problems: Where to report.
    func checkConsistency(_ stores: [(key: KeyName, store: StoreConfiguration)], _ problems: Problems) {
        checkSocket(problems)
        checkProjects(problems)
        checkNames(stores, problems)
        checkDirectories(stores, problems)
        checkDestinations(stores, problems)
    }

    private func checkSocket(_ problems: Problems) {
        // sun_path holds 108 bytes with its NUL.
        if controlSocket.utf8.count > 107 {
            problems.report(
                .root.appending("controlSocket"),
                "must be at most 107 bytes: Linux allows no more for a socket"
            )
        }
        if controlSocket == "/" { problems.report(.root.appending("controlSocket"), "must name a file") }
    }

    private func checkProjects(_ problems: Problems) {
        let paths = projects.compactMap { project, settings in settings.path.map { (project, $0) } }.sorted {
            $0.0 < $1.0
        }
        for (project, path) in paths {
            let key = KeyName.root.appending("projects").appending(project).appending("path")
            if AbsolutePath.contains(path, warehouse) {
                problems.report(key, "must not hold the warehouse")
            } else if AbsolutePath.contains(warehouse, path), path != "\(warehouse)/\(project)" {
                problems.report(key, "must not lie in the warehouse, where it could be another project's directory")
            }
            for (other, directory) in paths where other != project && AbsolutePath.contains(directory, path) {
                problems.report(key, "must not lie in the directory of project \(other)")
            }
        }
    }

    private func checkNames(_ stores: [(key: KeyName, store: StoreConfiguration)], _ problems: Problems) {
        var first: [String: KeyName] = [:]
        for (key, store) in stores {
            if let other = first[store.name] {
                problems.report(key.appending("name"), "is the name of \(other) too")
            } else {
                first[store.name] = key
            }
        }
    }

    /// A store is never written to, so nothing that is written may lie in one, and none may lie where datasets are made.
    private func checkDirectories(_ stores: [(key: KeyName, store: StoreConfiguration)], _ problems: Problems) {
        let root = KeyName.root
        var written = [
            (root.appending("stateDirectory"), stateDirectory), (root.appending("warehouse"), warehouse),
            (root.appending("controlSocket"), controlSocket),
        ]
        var datasets = [("warehouse", warehouse)]
        for (project, settings) in projects.sorted(by: { $0.key < $1.key }) {
            guard let path = settings.path else { continue }
            written.append((root.appending("projects").appending(project).appending("path"), path))
            datasets.append(("projects.\(project).path", path))
        }
        for (index, (key, store)) in stores.enumerated() {
            // What lies in a directory that was reported follows from it, often by default.
            var reported: [String] = []
            for (other, path) in written where AbsolutePath.contains(store.path, path) {
                if reported.contains(where: { AbsolutePath.contains($0, path) }) { continue }
                problems.report(other, "must not lie in the store \(key), which is never written to")
                reported.append(path)
            }
            for (name, path) in datasets where AbsolutePath.contains(path, store.path) && path != store.path {
                problems.report(key.appending("path"), "must not lie in \(name), where datasets are made")
            }
            for (position, (other, neighbour)) in stores.enumerated() where position != index {
                let isSame = neighbour.path == store.path
                guard AbsolutePath.contains(neighbour.path, store.path), !isSame || position < index else { continue }
                problems.report(
                    key.appending("path"),
                    isSame ? "is the path of \(other) too" : "must not lie in \(other)"
                )
            }
        }
    }

    /// Each destination has one stream. Tables that differ in case only would be one table to SQLite.
    private func checkDestinations(_ stores: [(key: KeyName, store: StoreConfiguration)], _ problems: Problems) {
        var first: [String: (key: KeyName, uri: String)] = [:]
        for (key, store) in stores {
            for (index, stream) in store.streams.enumerated() {
                let stream = (key: key.appending("streamConfigs").appending(index), uri: stream.tableURI)
                guard let other = first.updateValue(stream, forKey: stream.uri.lowercased()) else { continue }
                first[stream.uri.lowercased()] = other
                let isSame = other.uri == stream.uri
                problems.report(
                    stream.key.appending("bigqueryDestination").appending("tableUri"),
                    isSame ? "is the destination of \(other.key) too" : "differs only in case from that of \(other.key)"
                )
            }
        }
    }
}
