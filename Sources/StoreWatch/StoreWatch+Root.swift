import Glibc

extension StoreWatch {
    /// Takes a directory as the store from now on.
    func adopt(_ found: StoreRoot) {
        root = found
        loss.end()
        mountsBelow = mounts?.mounts(below: path) ?? []
        schedule.interval = RescanSchedule.interval(
            configured: options.rescanInterval,
            isNetwork: found.identity.isNetwork
        )
    }

    /// Notes that the store cannot be read.
    func lose(_ error: Errno) {
        root = nil
        loss.failed(error, at: clock.now)
    }

    /// Says that the store is lost, and tries whether it is back, when it is time.
    func retryRoot(_ batch: inout ChangeBatch) {
        guard root == nil else { return }
        switch loss.takeStep(at: clock.now) {
        case .announce(let reason): batch.append(.rootLost(reason))
        case .retry: checkRoot(&batch)
        case .wait: break
        }
    }

    /// Compares what is at the path with what was there.
    func checkRoot(_ batch: inout ChangeBatch) {
        pending.clearRoot()
        links.resolve()
        let found: StoreRoot
        do throws(Errno) {
            found = try StoreRoot(at: path)
        } catch {
            if root != nil { forgetStore(&batch) }
            lose(error)
            return
        }
        guard found.identity != root?.identity else { return checkMounts() }
        forgetStore(&batch)
        adopt(found)
        batch.append(.rootChanged(found.identity))
        requestScan(.rootChanged)
    }

    /// The store is the same; perhaps something was mounted below it, or it was away for a moment, with its watches.
    private func checkMounts() {
        let below = mounts?.mounts(below: path) ?? []
        if below != mountsBelow {
            mountsBelow = below
            requestScan(.mounts)
        } else if directories.tree.watch(of: directories.tree.root) == .none {
            requestScan(.watchLost)
        }
    }

    /// Drops everything that was about a directory which is the store no more.
    private func forgetStore(_ batch: inout ChangeBatch) {
        batch.removePaths()
        abortScan(&batch)
        arrivals.cancel()
        departures.removeAll()
        unread.removeAll()
        settle.removeAll()
        directories.reset()
    }
}
