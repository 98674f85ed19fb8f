/// How many there are of a kind: part of ``ServiceStatus`` and ``StoreStatus``.
package struct StatusCount: Codable, Hashable, Sendable {
    /// A code of failures or refusals, or an operation's method.
    package var kind: String
    /// Of operations: `running`, `succeeded`, `failed` or `cancelled`.
    package var state: String?
    @Int64Text package var count: Int64

    package init(_ kind: String, state: String? = nil, count: Int64) {
        self.kind = kind
        self.state = state
        self._count = Int64Text(wrappedValue: count)
    }
}
