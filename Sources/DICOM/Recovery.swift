/// What one attempt to read a data set has come to in going on behind damage. The next attempt begins anew.
struct Recovery {
    /// Bytes and elements that may be looked at on behalf of one attempt: about a third of a second.
    static let mostEffort = 12 << 20

    /// Damage is gone behind; otherwise it ends reading.
    var isForgiving: Bool
    /// What was spent on looking for places to go on from.
    private(set) var effort = 0
    /// The last place from which reading went on, -1 for none. It goes on from none before.
    private(set) var resumedAt = -1
    /// Where an element begins that is known to be damaged.
    private(set) var suspectAt = Int.max
    /// What needs no second look for values that have swallowed others.
    var swept = SweptElements()
    /// The last chain of elements had Rows in it: see ``DataSet/chain(_:after:_:)``.
    var hasPassedRows = false
    /// An element was read in the form that what follows it agrees with.
    var hasGuessed = false

    init(isForgiving: Bool = false) { self.isForgiving = isForgiving }

    /// Forgets the attempt, but not how damage is to be taken.
    mutating func beginAgain() { self = Recovery(isForgiving: isForgiving) }

    /// Whether more may be looked at.
    @inline(__always)
    var mayGoOn: Bool { effort < Self.mostEffort }

    /// Notes that bytes or elements were looked at.
    @inline(__always)
    mutating func spend(_ count: Int) { effort &+= count }

    /// Notes from where reading goes on.
    mutating func resumed(at place: Int) { resumedAt = max(resumedAt, place) }

    /// Notes where an element begins whose length may be wrong.
    mutating func suspect(at place: Int) { suspectAt = place }

    /// Whether the element at a place is the suspect one; it is so only once.
    @inline(__always)
    mutating func takeSuspect(at place: Int) -> Bool {
        guard place == suspectAt else { return false }
        suspectAt = .max
        return true
    }
}

/// Elements of the data set itself in which nothing was found that has swallowed others, and the last sequence among them.
struct SweptElements {
    var count = 0
    var sequence = -1

    /// Begins anew if elements that were swept are gone.
    mutating func limit(to count: Int) {
        if self.count > count { self = SweptElements() }
    }
}
