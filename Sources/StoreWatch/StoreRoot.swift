/// Names a store's directory as it was when it was last seen: a path, and what must be found there.
///
/// It holds no descriptor: an open one, even with O_PATH, makes `umount` of the store fail. Whoever reads opens a
/// session for one batch of work, and learns then whether the store is still the same.
package struct StoreRoot: Hashable, Sendable {
    /// As configured; may itself lead through symbolic links.
    package let path: String
    package let identity: RootIdentity

    package init(path: String, identity: RootIdentity) {
        self.path = path
        self.identity = identity
    }

    /// Looks at what is at `path` now.
    package init(at path: String) throws(Errno) {
        self.init(path: path, identity: try RootSession(at: path).identity)
    }

    /// Opens the directory for a batch of work.
    ///
    /// - Throws: `.rootUnavailable`, or `.rootReplaced` if something else is at the path now.
    package func session() throws(StoreError) -> RootSession {
        let session: RootSession
        do throws(Errno) {
            session = try RootSession(at: path)
        } catch {
            throw .rootUnavailable(error)
        }
        guard session.identity == identity else { throw .rootReplaced(session.identity) }
        return session
    }

    /// Opens one file, as ``RootSession/open(_:)`` does.
    package func open(_ file: StorePath) throws(StoreError) -> Descriptor { try session().open(file) }

    /// Looks at one path, as ``RootSession/status(of:)`` does.
    package func status(of file: StorePath) throws(StoreError) -> FileStatus? { try session().status(of: file) }
}

/// Says why something in a store could not be opened.
package enum StoreError: Error, Hashable, Sendable {
    /// The store's directory is gone or unreadable. This says nothing about any file.
    case rootUnavailable(Errno)
    /// Another directory is in the store's place. This says nothing about any file.
    case rootReplaced(RootIdentity)
    /// The file itself could not be had.
    case file(Errno)
    /// There is something, but a directory, symbolic link, pipe, socket or device.
    case notRegular
}
