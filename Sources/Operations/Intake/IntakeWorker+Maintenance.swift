internal import SQLite
internal import StoreIndex

/// Letting go of what nobody will ask for again.
extension IntakeWorker {
    /// Lets go of what every stream has passed.
    func compact() throws(ServiceFault) {
        let positions = feeds.compactMap { feed in
            feed.stream.cursor.map { (operation: feed.stream.operation, cursor: $0) }
        }
        let forgetBefore = WallClock.microseconds - service.operationRetention.nanoseconds / 1000
        do throws(SQLiteError) {
            var count: Int
            repeat {
                count = try index.write { writer throws(SQLiteError) in
                    for position in positions { try writer.setCursor(of: position.operation, to: position.cursor) }
                    try writer.forgetOperations(endedBefore: forgetBefore)
                    return try writer.compact(limit: Self.compactionStep, forgetBefore: forgetBefore)
                }
                intake.heartbeat.beat()
            } while count == Self.compactionStep && !intake.isStopping
        } catch {
            throw .index(error)
        }
    }

    private static var compactionStep: Int { 2000 }
}
