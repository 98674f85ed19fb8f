internal import Glibc

/// How many files, databases and connections may be open at a time.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one: a low soft limit protects programs that use select(2), which this one does not.
    static func raise() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // If it is refused the old limit holds; a store that meets it waits, and says so.
        _ = setrlimit(resource, &limit)
    }
}
