import NIOPosix

/// Threads of our own: Dispatch would count blocked ones against those that run the server that is tested. More than the
/// tests that run at once need, of which some hold 64 connections.
private let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 256)
    pool.start()
    return pool
}()

/// Runs what blocks outside the few threads of the concurrency pool.
package func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await threads.runIfActive(body)
}
