internal import Glibc

/// The directory of state.db, made if its parent is there.
enum StateDirectory {
    static func prepare(_ path: String) throws(StartFailure) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw StartFailure(
            description: "stateDirectory '\(path)' cannot be made: \(String(cString: strerror(errno)))"
        )
    }
}
