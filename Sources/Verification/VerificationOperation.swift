internal import Intake
package import Operations
package import Vocabulary

/// A comparison of directory, index and table that has not ended, as other threads see it. Its progress is in files and instances.
package final class VerificationOperation: ControlledOperation {
    /// The decimal id.
    package let id: OperationID
    package let table: TableReference
    /// The head of the log when it was asked for.
    let snapshot: ChangeNumber
    let intake: StoreIntake
    /// Whether rows that a stream's table lacks are to be appended.
    let repairs: Bool
    package let control: OperationControl

    init(
        id: OperationID,
        table: TableReference,
        snapshot: ChangeNumber,
        intake: StoreIntake,
        repairs: Bool = false,
        isCancelled: Bool = false
    ) {
        self.id = id
        self.table = table
        self.snapshot = snapshot
        self.intake = intake
        self.repairs = repairs
        control = OperationControl(isCancelled: isCancelled)
    }
}
