internal import Dispatch
internal import Synchronization

/// One value from one thread to another that waits for it.
package final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    package init() {}

    package func put(_ new: Value) {
        value.withLock { $0 = new }
        isThere.signal()
    }

    /// Waits for the value. To be called once.
    package func take() -> Value {
        while true {
            isThere.wait()
            if let found = value.withLock({ $0 }) { return found }
        }
    }
}
