internal import Operations
internal import Warehouse

/// Makes an export's progress of its position: what is not yet done is what was to be done less what is.
struct ExportMeter: Sendable {
    private let operation: ExportOperation
    private let total: Int64

    /// `pending`: What there is to do after `position`.
    init(_ operation: ExportOperation, pending: Int64, from position: ExportPosition) {
        self.operation = operation
        total = pending + position.success + position.failure
        show(position)
    }

    func show(_ position: ExportPosition) {
        operation.publish(
            .init(
                pending: max(total - position.success - position.failure, 0),
                success: position.success,
                failure: position.failure,
                damaged: position.damaged
            )
        )
    }
}
