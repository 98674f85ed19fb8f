/// How much of a store may be found missing by one scan before its deletions are held.
package enum HoldDeletions: Sendable, Equatable {
    /// More than so many percent of the live instances are held.
    case share(percent: Int)
    /// Never held.
    case off
}
