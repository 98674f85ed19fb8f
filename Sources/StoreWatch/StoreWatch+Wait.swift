import Glibc

extension StoreWatch {
    /// What ended a wait.
    struct Signals {
        var isWoken = false
        var mountsChanged = false
        var hasLinkEvents = false
        var hasEvents = false
    }

    /// Sleeps until something happens or is due; does not sleep while there is work.
    func wait(until deadline: Instant?) throws(Errno) -> Signals {
        var watched = [
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
            // A negative descriptor is passed over.
            pollfd(fd: mounts?.descriptor ?? -1, events: Int16(POLLPRI), revents: 0),
            pollfd(fd: directories.inotify?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: links.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let patience = timeout(deadline)
        let error = waker.whileWaiting {
            poll(&watched, nfds_t(watched.count), patience) >= 0 || errno == EINTR ? nil : Errno.current
        }
        if let error { throw error }
        return Signals(
            isWoken: watched[0].revents & Int16(POLLIN) != 0,
            mountsChanged: watched[1].revents & Int16(POLLPRI | POLLERR) != 0,
            hasLinkEvents: watched[3].revents & Int16(POLLIN) != 0,
            hasEvents: watched[2].revents & Int16(POLLIN) != 0
        )
    }

    /// There is something to do now, without any event.
    var hasWork: Bool {
        guard root != nil else { return loss.hasWork }
        return !pending.isEmpty || settle.isFull || scan != nil || !arrivals.isFinished
            || directories.inotify?.mayHaveMore == true
    }

    /// Milliseconds for poll(2), rounded up so as not to wake too early; -1 is for ever.
    private func timeout(_ deadline: Instant?) -> CInt {
        if hasWork { return 0 }
        let due = [
            deadline, settle.nextDue, unread.nextDue, departures.nextDue(isWalking: false),
            root == nil ? loss.retryAt : schedule.next?.due,
        ].compactMap(\.self).min()
        guard let due else { return -1 }
        let (seconds, attoseconds) = clock.now.duration(to: due).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
