import Glibc

/// What stands at a path, told by one directory: the file's own, or, if that is not there, the one nearest to it that is.
package enum Trace: Hashable, Sendable {
    /// A regular file.
    case there(FileStatus)
    /// This directory, as it was when it was asked, does not hold what would lead on.
    case absent(directory: StorePath, FileStatus)
}

extension RootSession {
    /// Looks for a file. Directory and name are of one moment: something that is mounted or renamed in between does not make an
    /// absence out of two presences.
    ///
    /// - Throws: what the kernel says where it does not say that nothing is there; EAGAIN if all is in motion.
    package func trace(_ path: StorePath) throws(Errno) -> Trace {
        attempts: for _ in 0..<8 {
            var name = path
            while let directory = name.parent {
                let opened: Descriptor
                do throws(Errno) { opened = try openDirectoryPath(directory) } catch {
                    guard error.meansAbsent, directory != .root else { throw error }
                    name = directory
                    continue
                }
                let status = try FileStatus(of: opened.rawValue)
                guard let found = try entry(name.name, in: opened.rawValue) else {
                    return .absent(directory: directory, status)
                }
                if name == path, found.isRegular { return .there(found) }
                // A directory that was not there a moment ago.
                if name != path, found.isDirectory { continue attempts }
                return .absent(directory: directory, status)
            }
            throw .invalid
        }
        throw Errno(rawValue: EAGAIN)
    }

    func entry(_ name: ArraySlice<UInt8>, in directory: CInt) throws(Errno) -> FileStatus? {
        let result = StorePath(bytes: Array(name)).withCString { text in
            Result { () throws(Errno) in try FileStatus(of: text, in: directory) }
        }
        do throws(Errno) { return try result.get() } catch {
            guard error.meansAbsent else { throw error }
            return nil
        }
    }
}
