import CSQLite
import Synchronization

/// Interrupts one connection from any thread, also after that connection is gone.
package final class Interrupter: Sendable {
    /// The handle's address: 0 once the connection is closed.
    private let address: Mutex<UInt>

    init(_ handle: OpaquePointer) { address = Mutex(UInt(bitPattern: handle)) }

    /// Makes the statement that runs now, if any, fail with `.interrupted`.
    package func interrupt() {
        address.withLock { address in
            guard let handle = OpaquePointer(bitPattern: address) else { return }
            sqlite3_interrupt(handle)
        }
    }

    func close() { address.withLock { $0 = 0 } }
}
