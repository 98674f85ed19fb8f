import NIOPosix

/// Threads of our own: Dispatch would count blocked ones against those that run the server that is tested.
private let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 64)
    pool.start()
    return pool
}()

/// Runs what blocks outside the few threads of the concurrency pool.
package func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await threads.runIfActive(body)
}
