internal import Glibc

/// Looks again and again until there is a value, and fails at the limit: how these tests wait for another process.
@discardableResult
package func eventually<T>(_ fact: String, within limit: Duration = .seconds(30), _ look: () throws -> T?) throws -> T {
    let end = ContinuousClock.now + limit
    while true {
        if let found = try look() { return found }
        guard ContinuousClock.now < end else { throw TestFailure("not within \(limit): \(fact)") }
        usleep(3000)
    }
}

package func eventually(_ fact: String, within limit: Duration = .seconds(30), _ holds: () throws -> Bool) throws {
    let _: Bool = try eventually(fact, within: limit) { try holds() ? true : nil }
}
