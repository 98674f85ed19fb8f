import Glibc

extension StoreWatch {
    /// Handles what is in the kernel's queue until the batch has `limit` changes.
    func handleEvents(limit: Int, _ batch: inout ChangeBatch, in session: borrowing RootSession) throws(Errno) {
        // The count is bounded as well: ignored names fill no batch, but shall not keep a scan waiting for ever.
        for _ in 0..<(limit * 8) {
            guard batch.count < limit, let event = try directories.inotify?.next() else { return }
            handle(event, &batch, in: session)
        }
    }

    private func handle(_ event: InotifyEvent, _ batch: inout ChangeBatch, in session: borrowing RootSession) {
        guard !event.has(IN_Q_OVERFLOW) else { return noteOverflow() }
        // Unknown: an event of a directory that was moved or removed; what it is about was looked at since.
        guard let directory = directories.tree.directory(watchedBy: event.watch) else { return }
        guard !event.name.isEmpty else { return handle(event, about: directory, &batch) }
        let parent = directories.tree.path(of: directory)
        guard !ignore.ignores(event.name, in: parent) else { return }
        let path = parent.appending(event.name)
        if event.isDirectory {
            handle(event, aboutDirectory: path, in: directory, &batch, session)
        } else {
            handle(event, aboutFile: path, &batch)
        }
    }

    private func handle(_ event: InotifyEvent, aboutFile path: StorePath, _ batch: inout ChangeBatch) {
        if event.has(IN_CREATE) {
            // A close event follows, unless it is a link: then time has to tell.
            settle.touch(path, at: clock.now)
            return
        }
        guard !event.has(IN_ATTRIB) else { return batch.touched(path) }
        settle.remove(path)
        if event.has(IN_CLOSE_WRITE) {
            batch.changed(path, mayReplace: false)
        } else if event.has(IN_MOVED_TO) {
            departures.arrived(cookie: event.cookie)
            batch.changed(path, mayReplace: true)
        } else if event.has(IN_MOVED_FROM) {
            leave(path, isDirectory: false, event)
        } else {
            batch.gone(path)
        }
    }

    private func leave(_ path: StorePath, isDirectory: Bool, _ event: InotifyEvent) {
        departures.left(
            path,
            isDirectory: isDirectory,
            cookie: event.cookie,
            at: clock.now,
            events: directories.inotify?.count ?? 0
        )
    }

    /// Tells of what was moved away, behind what was moved here.
    func handleDepartures(_ batch: inout ChangeBatch, isWalking: Bool) {
        let left = departures.take(
            at: clock.now,
            events: directories.inotify?.count ?? 0,
            isWalking: isWalking,
            isDrained: directories.inotify?.isDrained ?? true
        )
        for (path, isDirectory) in left {
            if isDirectory { batch.directoryGone(path) } else { batch.gone(path) }
        }
    }

    private func handle(
        _ event: InotifyEvent,
        aboutDirectory path: StorePath,
        in parent: DirectoryTree.ID,
        _ batch: inout ChangeBatch,
        _ session: borrowing RootSession
    ) {
        let known = directories.tree.child(Array(event.name), of: parent)
        if event.has(IN_ATTRIB) {
            // The right to read it may have been given. One that is watched and was read to its end has told all it has.
            guard let known, unread.contains(path) || !isWatched(known) else { return }
            return arrivals.add(known)
        }
        unread.remove(path)
        if !event.has(IN_CREATE) {
            // Its watches go with it. Where it went, if that is in the store, it is a new directory: simple, and right
            // whatever else was renamed on the way.
            if let known { directories.remove(known) }
            if event.has(IN_MOVED_TO) {
                departures.arrived(cookie: event.cookie)
            } else {
                if event.has(IN_MOVED_FROM) {
                    leave(path, isDirectory: true, event)
                } else {
                    batch.directoryGone(path)
                }
                // Two directories may have changed places, or there is a new one by now.
                guard (try? session.glance(at: path))?.isDirectory == true else { return }
            }
        }
        arrivals.add(directories.insert(event.name, in: parent))
    }

    /// Handles what happened to a watched directory itself.
    private func handle(_ event: InotifyEvent, about directory: DirectoryTree.ID, _ batch: inout ChangeBatch) {
        let isRoot = directory == directories.tree.root
        if event.has(IN_IGNORED) { directories.forget(watch: event.watch) }
        if isRoot {
            pending.suspectRoot()
        } else if event.has(IN_UNMOUNT) {
            // No word of files that are gone: a disk that is taken away is not a directory that is removed.
            directories.remove(directory)
            requestScan(.mounts)
        } else if event.has(IN_DELETE_SELF) {
            leave(directory, &batch)
        } else if event.has(IN_MOVE_SELF) {
            // The parent's event says it better; without a watch on the parent there is none.
            if !isWatched(directories.tree.parent(of: directory)) {
                leave(directories.tree.path(of: directory), isDirectory: true, event)
                directories.remove(directory)
            }
        } else if event.has(IN_IGNORED) {
            requestScan(.watchLost)
        }
    }

    private func leave(_ directory: DirectoryTree.ID, _ batch: inout ChangeBatch) {
        batch.directoryGone(directories.tree.path(of: directory))
        directories.remove(directory)
    }

    private func isWatched(_ directory: DirectoryTree.ID?) -> Bool {
        guard let directory, case .active = directories.tree.watch(of: directory) else { return false }
        return true
    }

    func noteOverflow() {
        history.noteOverflow()
        // What was moved meanwhile from where the scan has yet to go to where it has been will not be found.
        scan?.report.isComplete = false
        requestScan(.overflow)
    }

    /// Passes on the files that have settled. One that is still being written waits on.
    func handleSettled(limit: Int, _ batch: inout ChangeBatch, in session: borrowing RootSession) {
        let now = clock.now
        var wall = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        let wallNow = Int64(wall.tv_sec) &* 1_000_000_000 &+ Int64(wall.tv_nsec)
        let (seconds, attoseconds) = options.settle.components
        let quiet =
            Int64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000).partialValue
            &+ attoseconds / 1_000_000_000
        for path in settle.takeSettled(at: now, limit: max(0, limit - batch.count)) {
            guard let status = try? session.glance(at: path), status.isRegular else { continue }
            // The kernel's clock lags by up to a tick. A time in the future says nothing, so it does not hold a file back.
            let isTouched = status.changed <= wallNow && wallNow &- status.changed < quiet &- 20_000_000
            if isTouched, !settle.isFull {
                settle.touch(path, at: now)
            } else {
                batch.changed(path, mayReplace: false)
            }
        }
    }
}
