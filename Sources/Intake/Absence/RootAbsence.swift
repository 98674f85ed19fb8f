internal import Operations

/// Whether the store's directory is there, and what is to be told of that. A value.
struct RootAbsence {
    private let store: String
    /// Why it is not; nil while it is.
    private(set) var reason: String?

    init(store: String) { self.store = store }

    /// What the status says; nil while the directory is there.
    var problem: String? {
        reason.map { "the store's directory cannot be read: \($0); nothing is concluded from it until it is back" }
    }

    /// The directory cannot be read.
    mutating func lose(_ reason: String) -> [ServiceEvent] {
        let isNews = self.reason == nil
        self.reason = reason
        return isNews ? [.rootLost(store: store, reason: reason)] : []
    }

    /// A directory stands at the store's path. `isKnown`: Whether the index knows it as the store's.
    mutating func find(isKnown: Bool) -> [ServiceEvent] {
        let wasAway = reason != nil
        reason = nil
        return (wasAway ? [.rootFound(store: store)] : []) + (isKnown ? [] : [.rootChanged(store: store)])
    }
}
