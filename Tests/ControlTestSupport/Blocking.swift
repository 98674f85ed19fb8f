import Dispatch

private let queue = DispatchQueue(label: "blocking calls of tests", attributes: .concurrent)

/// Runs what blocks on a thread of its own: the few threads of the concurrency pool belong to the server that is tested.
package func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Swift.Result(catching: body)) }
    }
}
