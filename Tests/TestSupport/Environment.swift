internal import Glibc

/// The environment of the tests.
package enum Environment {
    /// The value of a variable; nil if it is not set.
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

/// Says, in the form that `packaging/test` gathers, that a test cannot run on this host.
package func skip(_ reason: String) {
    print("SKIPPED: \(reason)")
}
