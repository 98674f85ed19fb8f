package import DICOM
package import StoreIndex
package import Vocabulary

/// Who makes rows while a header is in memory anyway. Confined to the thread of its store's intake.
///
/// A batch begins, takes observations, and is finished or cancelled.
package protocol IntakeFeed: AnyObject {
    /// Bytes of the rows so far.
    var byteCount: Int { get }
    /// The operation that it feeds, and the change through which that needs the log no more; nil if that is not known.
    var position: (operation: OperationID, cursor: ChangeNumber)? { get }

    func begin()
    /// Takes a look that found something. The data set is of use only if that is an instance.
    func add(_ observation: Observation, _ dataSet: borrowing DataSet, isInstance: Bool, isBaseline: Bool)
    /// Takes what became of the observations; the log's entries are those after `previous`, through `through`.
    func finish(_ recorded: [Recorded], previous: ChangeNumber, through: ChangeNumber)
    /// Nothing of the batch became an entry.
    func cancel()
    /// Says that something it waits for may have changed.
    func wake()
}
