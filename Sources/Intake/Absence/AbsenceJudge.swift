internal import StoreWatch

/// What a look found at a path at which the index has a file.
enum Glimpse: Hashable {
    /// A regular file.
    case there
    /// Nothing, or nothing regular; the directory nearest to it that is there is on this mount.
    case absent(on: MountKey)
    /// The kernel would not say.
    case unreachable(Errno)
}

/// Who says that a file went.
enum Witness: Hashable {
    /// The kernel told of it in the directory that was watched.
    case kernel
    /// A scan that is through did not find it.
    case scan
    /// Somebody who needs the file did not find it.
    case look
}

/// What is to be made of a file that was not found.
enum AbsenceVerdict: Hashable {
    /// It is there: look at it.
    case there
    /// A fact: concluded at once.
    case gone
    /// Concluded when all that the scan did not find is seen together.
    case missing
    /// It cannot be read.
    case unreadable(Errno)
    /// The file system that it is on is not here.
    case mountAway(MountKey)
}

/// Judges by evidence whether a file that was not found is gone. Does no I/O.
///
/// The one place that does: every DELETE and every GONE comes by here.
struct AbsenceJudge {
    /// Which mounts are here under which names.
    var mounts: MountTrust

    /// `remembered`: The mount that the file was last seen on.
    func verdict(_ glimpse: Glimpse, by witness: Witness, remembered: MountKey) -> AbsenceVerdict {
        switch glimpse {
        case .there: return .there
        case .unreachable(let error): return .unreadable(error)
        case .absent(let current):
            switch witness {
            // The events of a directory that is watched are of the file system that it is on: no need to confirm which.
            case .kernel: return mounts.isSame(remembered, current) ? .gone : .mountAway(remembered)
            case .scan: return mounts.isHere(remembered, on: current) ? .missing : .mountAway(remembered)
            case .look: return mounts.isHere(remembered, on: current) ? .gone : .mountAway(remembered)
            }
        }
    }
}
