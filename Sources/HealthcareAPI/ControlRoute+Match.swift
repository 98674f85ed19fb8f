internal import Vocabulary

extension ControlRoute {
    /// A request line that was understood.
    package struct Match: Hashable, Sendable {
        package var route: ControlRoute
        package var version: APIVersion
    }

    /// Finds the route of a request by its method and its path, still percent-encoded and without the query.
    ///
    /// HEAD is answered as GET. The rest of Google's API is `UNIMPLEMENTED`, with the name of the method; what is nobody's is
    /// `NOT_FOUND`.
    package static func match(method: String, path: String) throws(RPCStatus) -> Match {
        guard path.hasPrefix("/") else { throw RPCStatus.notFound("The path must begin with a slash.") }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let segment = PercentEncoding.decode(part) else {
                throw RPCStatus.invalidArgument("The path is not valid percent-encoded UTF-8.")
            }
            segments.append(segment)
        }
        let verb = method == "HEAD" ? "GET" : method
        if let service = matchService(segments) {
            guard service.method.rawValue == verb else { throw notFound(verb) }
            return Match(route: service, version: .v1)
        }
        guard let first = segments.first, let version = APIVersion(rawValue: first) else { throw notFound(verb) }
        segments.removeFirst()
        if let route = matchResource(verb, segments) { return Match(route: route, version: version) }
        if let name = HealthcareMethods.name(method: verb, segments: segments) {
            throw RPCStatus.unimplemented("Method \(name) is not implemented by dicomexportd.")
        }
        throw notFound(verb)
    }

    private static func notFound(_ method: String) -> RPCStatus {
        .notFound("Method not found: no resource of this service answers to that path with \(method.prefix(16)).")
    }

    private static func matchService(_ segments: [String]) -> ControlRoute? {
        switch segments {
        case ["status"]: .status
        case ["metrics"]: .metrics
        case ["reload"]: .reload
        default: nil
        }
    }

    private static func matchResource(_ method: String, _ segments: [String]) -> ControlRoute? {
        guard let last = segments.last, segments.count > 6, let dataset = DatasetName(parts: segments[..<6]) else {
            return nil
        }
        let tail = Array(segments[6...])
        let (id, verb) = split(last)
        switch (method, tail.count, tail[0], verb) {
        case ("GET", 1, "operations", nil): return .listOperations(dataset)
        case ("GET", 1, "dicomStores", nil): return .listDicomStores(dataset)
        case ("GET", 2, "operations", nil) where ResourceName.isPart(id):
            return .operation(OperationName(dataset: dataset, id: id))
        case ("POST", 2, "operations", "cancel") where ResourceName.isPart(id):
            return .cancelOperation(OperationName(dataset: dataset, id: id))
        case (_, 2, "dicomStores", _) where ResourceName.isPart(id):
            return matchStore(method, verb, DicomStoreName(dataset: dataset, store: id))
        case ("GET", 3, "dicomStores", nil) where tail[2] == "failures" && ResourceName.isPart(tail[1]):
            return .failures(DicomStoreName(dataset: dataset, store: tail[1]))
        case ("GET", 4, "dicomStores", nil)
        where tail[2] == "instances" && ResourceName.isPart(tail[1]) && ResourceName.isPart(id):
            return .instance(DicomStoreName(dataset: dataset, store: tail[1]), uid: id)
        default: return nil
        }
    }

    private static func matchStore(_ method: String, _ verb: String?, _ store: DicomStoreName) -> ControlRoute? {
        switch (method, verb) {
        case ("GET", nil): .dicomStore(store)
        case ("GET", "getDICOMStoreMetrics"): .dicomStoreMetrics(store)
        case ("POST", "export"): .exportDicomData(store)
        case ("POST", "rescan"): .rescan(store)
        case ("POST", "verify"): .verify(store)
        default: nil
        }
    }

    /// `gateway:export` is the resource `gateway` and the custom method `export`.
    static func split(_ segment: String) -> (id: String, verb: String?) {
        guard let colon = segment.lastIndex(of: ":") else { return (segment, nil) }
        return (String(segment[..<colon]), String(segment[segment.index(after: colon)...]))
    }
}
