internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary
internal import Warehouse

/// The thread of a verification: looks at directory, index and table, and changes nothing. Confined to it.
final class VerificationWorker {
    let operation: VerificationOperation
    let intake: StoreIntake
    let context: ServiceContext
    var result = VerificationResult()
    private var total: Int64 = 0
    private let space: FreeSpace

    /// Files, rows or instances between two looks at whether it is to end.
    static let pageSize = 500

    init(_ operation: VerificationOperation, context: ServiceContext) {
        self.operation = operation
        self.context = context
        intake = operation.intake
        space = FreeSpace(
            directories: [context.settings.stateDirectory],
            minimum: context.settings.minimumFreeSpace
        )
    }

    /// Works until the verification has ended, or the service stops.
    func run() {
        WorkerThread.giveWay()
        defer { ComparisonFile.remove(comparisonPath) }
        do throws(OperationStop) {
            try verify()
            end(nil)
        } catch {
            // A statement that was interrupted failed because of this.
            if operation.isStopping { return }
            if operation.isCancelled { return end(.cancelled) }
            switch error {
            case .stopped: return
            case .ended(let refusal): end(refusal)
            case .waits(let fault), .fails(let fault): end(OperationRefusal(code: fault.code, message: "\(fault)"))
            }
        }
    }

    private func verify() throws(OperationStop) {
        try goOn()
        let table = try open()
        let reader = try reading { () throws(SQLiteError) in try context.index.reader() }
        operation.reads(through: [reader.interrupter, table.interrupter])
        try goOn()
        let counts = try reading { () throws(SQLiteError) in try reader.counts(of: intake.storeID) }
        total = Int64(counts.files + counts.live)
        try goOn()
        let comparison = try reading { () throws(SQLiteError) in try ComparisonFile(path: comparisonPath) }
        try compareDirectory(with: reader, comparison)
        try compare(table, with: reader, comparison)
    }

    private func open() throws(OperationStop) -> TableReader {
        do throws(WarehouseError) {
            return try TableReader(path: context.warehouse.file(of: operation.table), table: operation.table)
        } catch {
            throw OperationStop(.warehouse(error))
        }
    }

    private var comparisonPath: String { context.settings.comparisonPath(of: operation.id) }

    /// To be called for each page: ends what is to end, and shows how far it is.
    func goOn() throws(OperationStop) {
        // The service's end first: it can still be cancelled after the next start.
        if operation.isStopping { throw .stopped }
        if operation.isCancelled { throw .ended(.cancelled) }
        do throws(ServiceFault) { try space.check() } catch { throw OperationStop(error) }
        let (success, failure) = (result.agreeing, result.differing)
        operation.publish(.init(pending: max(total - success - failure, 0), success: success, failure: failure))
    }

    func reading<Value>(_ body: () throws(SQLiteError) -> Value) throws(OperationStop) -> Value {
        do throws(SQLiteError) { return try body() } catch { throw OperationStop(.index(error)) }
    }

    /// Writes the end down. If that cannot be done, it begins again after a restart.
    private func end(_ refusal: OperationRefusal?) {
        let (id, result) = (operation.id, result)
        let end = OperationEnd(
            success: result.agreeing,
            failure: result.differing,
            refusal: refusal,
            response: result.stored
        )
        var backoff = Backoff()
        let isWritten = context.end(id, end) { _ in
            guard !operation.isStopping else { return false }
            operation.control.pause(backoff.next())
            return true
        }
        guard isWritten else { return }
        let store = intake.settings.name
        guard let refusal else {
            context.observe(.verified(store: store, operation: id, table: operation.table.uri, result))
            return
        }
        context.observe(
            .operationEnded(
                store: store,
                operation: id,
                method: OperationMethod.verify.rawValue,
                code: refusal.code,
                message: refusal.message
            )
        )
    }
}
