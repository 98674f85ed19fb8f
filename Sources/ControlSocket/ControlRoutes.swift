import HealthcareAPI
import Logging
internal import Vocabulary

/// Turns requests into calls on the service: decode, one call, encode. Nothing is decided here but who may ask.
struct ControlRoutes: Sendable {
    var service: any ControlService
    var logger: Logger

    func response(to request: ControlRequest, caller: Caller) async -> ControlResponse {
        do {
            let match = try ControlRoute.match(method: request.method, path: request.path)
            try authorize(match.route, caller)
            let query = try QueryParameters(request.query, allowed: match.route.queryParameters)
            return try await call(match, query, request.body, caller)
        } catch let status as RPCStatus {
            return .failure(status)
        } catch {
            logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.path.prefix(500))"])
            return .failure(RPCStatus(.internalError, "Internal error; the service's log has more."))
        }
    }

    private func authorize(_ route: ControlRoute, _ caller: Caller) throws(RPCStatus) {
        guard caller.role < route.requiredRole else { return }
        throw .permissionDenied(
            "uid \(caller.uid) may not do this: it needs a group of access.\(route.requiredRole.configurationKey)."
        )
    }

    private func call(
        _ match: ControlRoute.Match,
        _ query: QueryParameters,
        _ body: [UInt8],
        _ caller: Caller
    ) async throws -> ControlResponse {
        switch match.route {
        case .status:
            return try .json(try await service.status(), query)
        case .metrics:
            return .text(try await service.metrics())
        case .reload:
            _ = try EmptyMessage(body: body)
            try await service.reload(caller: caller)
            return try .json(EmptyMessage(), query)
        case .listOperations(let dataset):
            var page = try await service.operations(in: dataset, filter: query["filter"], page: try query.page())
            page.elements = page.elements.map { $0.in(match.version) }
            return try .json(ListOperationsResponse(page), query)
        case .operation(let name):
            return try .json(try await service.operation(name).in(match.version), query)
        case .cancelOperation(let name):
            _ = try EmptyMessage(body: body)
            try await service.cancelOperation(name, caller: caller)
            return try .json(EmptyMessage(), query)
        case .listDicomStores(let dataset):
            let page = try await service.dicomStores(in: dataset, filter: query["filter"], page: try query.page())
            return try .json(ListDicomStoresResponse(page), query)
        case .dicomStore(let store):
            return try .json(try await service.dicomStore(store), query)
        case .dicomStoreMetrics(let store):
            return try .json(try await service.dicomStoreMetrics(store), query)
        case .exportDicomData(let store):
            let request = try ExportDicomDataRequest(body: body)
            return try .json(try await service.export(request, of: store, caller: caller).in(match.version), query)
        case .rescan(let store):
            let request = try RescanRequest(body: body)
            return try .json(try await service.rescan(request, of: store, caller: caller).in(match.version), query)
        case .verify(let store):
            let request = try VerifyRequest(body: body)
            return try .json(try await service.verify(request, of: store, caller: caller).in(match.version), query)
        case .instance(let store, let uid):
            return try .json(try await service.instance(uid, of: store).redacted(for: caller.role), query)
        case .failures(let store):
            var page = try await service.failures(
                of: store,
                damaged: try query.flag("damaged"),
                page: try query.page()
            )
            page.elements = page.elements.map { $0.redacted(for: caller.role) }
            return try .json(ListFailuresResponse(page), query)
        }
    }
}

extension HealthcareOperation {
    /// The operation as a caller of that version reads it.
    fileprivate func `in`(_ version: APIVersion) -> HealthcareOperation {
        var operation = self
        operation.metadata.type = version.operationMetadataType
        return operation
    }
}
