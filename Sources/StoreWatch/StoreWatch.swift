import Glibc

/// Watches one store's directory tree and says what appears, changes and goes away in it.
///
/// Synchronous and pull-based: the kernel's queue is the only buffer, so a slow reader costs no memory. When the queue
/// runs over, or a watch cannot be had, the answer is to look again, never an error. Confined to one thread, but for `waker`.
package final class StoreWatch {
    package typealias Instant = ContinuousClock.Instant

    /// Wakes and asks from other threads.
    package let waker: Waker
    /// The store's directory as it is now; nil while it is lost.
    package internal(set) var root: StoreRoot?

    let path: String
    let options: WatchOptions
    let ignore: IgnorePatterns
    let directories = WatchedDirectories()
    let mounts: MountTable?
    let links: PathLinks
    let clock = ContinuousClock()

    var isArmed = false
    var settle: SettleQueue
    var schedule: RescanSchedule
    /// Goes through directories that appeared.
    let arrivals: TreeWalk
    /// What was moved away, until it is clear where to.
    var departures = Departures()
    /// Directories that cannot be read.
    package internal(set) var unread = UnreadDirectories()
    var scan: Scan?
    /// What is to be done when there is time.
    var pending = PendingWork()
    /// What is to be done while the store is lost.
    var loss = RootLoss()
    var mountsBelow: Set<String> = []

    var history = ScanHistory()

    /// Prepares to watch the directory at `root`, which need not exist yet.
    ///
    /// - Throws: if the process has no descriptor left.
    package init(root path: String, options: WatchOptions = WatchOptions()) throws(Errno) {
        self.path = path
        self.options = options
        waker = try Waker()
        mounts = try? MountTable()
        links = PathLinks(path)
        ignore = IgnorePatterns(options.ignore)
        arrivals = TreeWalk(.status, ignore: ignore)
        settle = SettleQueue(quiet: options.settle)
        schedule = RescanSchedule(pollInterval: options.pollInterval)
    }

    /// Puts watches on every directory that can be had, so that nothing is missed from now on, and asks for the first scan.
    ///
    /// - Parameter keepGoing: asked once per directory; false ends early, and the scan arms the rest.
    package func arm(while keepGoing: () -> Bool = { true }) {
        isArmed = true
        requestScan(.start)
        links.resolve()
        let session: RootSession
        do throws(Errno) {
            session = try RootSession(at: path)
        } catch {
            lose(error)
            return
        }
        adopt(StoreRoot(path: path, identity: session.identity))
        let walk = TreeWalk(.none, ignore: ignore)
        walk.add(directories.tree.root)
        while !walk.isFinished {
            if case .directory = walk.step(directories, in: session), !keepGoing() { break }
        }
        walk.cancel()
    }

    /// Waits for changes and returns them, events before what a scan finds, at most about `limit` at a time.
    ///
    /// - Parameters:
    ///   - deadline: when to return with nothing; nil waits for ever.
    ///   - limit: bounds the memory of a batch.
    /// - Returns: changes in the order in which they are to be looked at; empty at the deadline or after `wake()`.
    /// - Throws: if the kernel's queue cannot be read, which is not expected to happen.
    package func next(deadline: Instant?, limit: Int = 500) throws(Errno) -> [Change] {
        if !isArmed { arm() }
        while true {
            let signals = try wait(until: deadline)
            if signals.isWoken, let reason = waker.drain() { requestScan(reason) }
            var batch = ChangeBatch()
            if signals.hasLinkEvents, links.drain() { pending.suspectRoot() }
            if signals.mountsChanged || pending.rootIsSuspect { checkRoot(&batch) }
            retryRoot(&batch)
            let changes = try work(limit: max(limit, 8), &batch, hasEvents: signals.hasEvents)
            if !changes.isEmpty || signals.isWoken { return changes }
            if let deadline, clock.now >= deadline { return [] }
        }
    }

    /// Asks for a scan of the whole store; it begins when the one that is under way is over.
    ///
    /// Several requests are one scan, which has the gravest reason: any scan that begins later answers a request.
    package func requestScan(_ reason: ScanReason = .request) {
        pending.requestScan(reason)
    }

    /// All that had happened when `next` was called has been told: nothing is on its way from one place to another.
    package var isQuiet: Bool {
        arrivals.isFinished && departures.isEmpty && directories.inotify?.mayHaveMore != true
    }

    package var status: WatchStatus {
        var status = WatchStatus(root: root.map { .present($0.identity) } ?? .lost(loss.reason))
        status.watches = directories.tree.watchCount
        status.unwatchedDirectories = directories.tree.unwatchedCount
        status.unwatchedReason = directories.unwatchedReason
        status.isNetwork = root?.identity.isNetwork == true
        status.overflows = history.overflows
        status.scans = history.count
        status.scanning = scan?.report.reason
        status.lastScan = history.last
        status.settling = settle.count
        status.unreadDirectories = unread.count
        return status
    }
}
