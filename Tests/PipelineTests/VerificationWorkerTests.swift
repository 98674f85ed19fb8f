import Operations
import ServiceRuntime
import StoreIndex
import Synchronization
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables
@testable import Verification

/// A verification from its beginning to its end, over a directory, an index and a table, on the test's own thread.
@Suite struct VerificationWorkerTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    private func instance(_ number: Int) -> InstanceIdentity {
        InstanceIdentity(study: "1.2", series: "1.2.1", instance: "1.2.1.\(number)")
    }

    /// Four instances, of which index and table know.
    @discardableResult
    private func fill() throws -> [ChangeNumber] {
        let changes = try fixture.fill(1...4)
        try fixture.feed()
        return changes
    }

    // MARK: What agrees

    @Test func `what agrees is counted, in files and in instances`() throws {
        let changes = try fill()
        try Files.write(Array("no instance at all".utf8), to: fixture.path("text"))
        try fixture.look(at: "text")
        try Files.write([1], to: fixture.path("half.part"))
        let stored = try fixture.verify()
        #expect(stored.code == nil && stored.ended != nil)
        // Five files and four instances; what is ignored is no file.
        #expect(stored.success == 9 && stored.failure == 0)
        let found = try #require(stored.found)
        #expect(found.agreeing == 9 && found.differing == 0 && found.listed.isEmpty && found.repaired == 0)
        #expect(found.change == changes[3])
        #expect(fixture.leftovers() == [])
    }

    @Test func `an empty store and its empty table agree`() throws {
        try fixture.feed()
        let stored = try fixture.verify()
        #expect(stored.code == nil && stored.success == 0 && stored.failure == 0)
    }

    @Test func `what came, changed and went agrees, once the table has been told`() throws {
        try fill()
        try fixture.remove("1")
        try fixture.write("2", 20)
        try fixture.look(at: "2")
        try fixture.write("copy", 3)
        try fixture.look(at: "copy")
        try fixture.feed()
        let stored = try fixture.verify()
        // Files: 2, 3, 4 and the copy; instances: 20, 3 and 4.
        #expect(stored.success == 7 && stored.failure == 0)
    }

    @Test func `only the part of the log that the table is written through is compared with it`() throws {
        try fill()
        let cursor = try fixture.index.reader().head()
        try fixture.fill(5...6)
        try fixture.remove("1")
        let found = try #require(try fixture.verify().found)
        #expect(found.change == cursor && found.differing == 0)
        // Five files; the instances but the one that is gone, and those that the table does not owe yet.
        #expect(found.agreeing == 8)
    }

    @Test func `progress is shown while it works, and is all of it at the end`() throws {
        try fill()
        let operation = try fixture.verification()
        #expect(operation.progress == nil)
        fixture.run(operation)
        #expect(operation.progress == OperationProgress(pending: 0, success: 8, failure: 0))
    }

    @Test func `the end is told once, with what was found`() throws {
        try fill()
        let stored = try fixture.verify()
        let told = fixture.journal.events.compactMap { event -> VerificationResult? in
            guard
                case .verified(ServiceFixture.store, stored.id, "bq://hospital.radiology.instances", let result) = event
            else { return nil }
            return result
        }
        #expect(told == [try #require(stored.found)])
    }

    // MARK: What differs in the table

    struct TableCase: Sendable, CustomTestStringConvertible {
        var kind: Difference.Kind
        var change: String
        /// Whether it is one in a table that no stream feeds.
        var isOneOfAny = true
        var uids = InstanceIdentity(study: "1.2", series: "1.2.1", instance: "1.2.1.2")
        var hasVersion = true

        var testDescription: String { kind.rawValue }
    }

    private static let copy = """
        INSERT INTO instances (SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type, LastUpdated)
        """

    static let tableCases = [
        TableCase(kind: .inIndexNotInTable, change: "DELETE FROM instances WHERE SOPInstanceUID = '1.2.1.2'"),
        TableCase(
            kind: .inTableNotInIndex,
            change: "\(copy) VALUES ('9.9', '9', '9.1', 'CREATE', '2020-01-01 00:00:00.500000Z')",
            uids: InstanceIdentity(study: "9", series: "9.1", instance: "9.9"),
            hasVersion: false
        ),
        TableCase(
            kind: .olderInTable,
            change: """
                UPDATE instances SET LastUpdated = '2001-01-01 00:00:00.000000Z' WHERE SOPInstanceUID = '1.2.1.2'
                """
        ),
        TableCase(
            kind: .newerInTable,
            change: """
                UPDATE instances SET LastUpdated = '2099-01-01 00:00:00.000000Z' WHERE SOPInstanceUID = '1.2.1.2'
                """,
            isOneOfAny: false
        ),
        TableCase(
            kind: .twiceInTable,
            change: """
                \(copy) SELECT SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type, LastUpdated
                FROM instances WHERE SOPInstanceUID = '1.2.1.2'
                """,
            isOneOfAny: false
        ),
        TableCase(
            kind: .timestampForm,
            change: """
                UPDATE instances SET LastUpdated = substr(LastUpdated, 1, 19) || 'Z' WHERE SOPInstanceUID = '1.2.1.2'
                """,
            hasVersion: false
        ),
    ]

    @Test(arguments: tableCases)
    func `what differs in a stream's table is found, and nothing else`(case given: TableCase) throws {
        let changes = try fill()
        try fixture.change(nil, given.change)
        let stored = try fixture.verify()
        #expect(stored.code == nil && stored.failure == 1)
        let found = try #require(stored.found)
        #expect(found.counts == [given.kind: 1])
        #expect(
            found.listed == [
                Difference(kind: given.kind, uids: given.uids, change: given.hasVersion ? changes[1] : nil)
            ]
        )
        // Rows of what the index does not have, and of what is in another form, leave the instances as they were.
        #expect(stored.success == (given.hasVersion ? 7 : 8))
    }

    @Test(arguments: tableCases)
    func `in a table that no stream feeds, what people append is their affair`(case given: TableCase) throws {
        let table = try TableReference(uri: "bq://hospital.radiology.exported")
        let changes = try fixture.fill(1...4)
        try fixture.feed(table)
        try fixture.change(table, given.change.replacing("instances ", with: "exported "))
        let found = try #require(try fixture.verify(with: table).found)
        #expect(found.counts == (given.isOneOfAny ? [given.kind: 1] : [:]))
        #expect(found.change == changes[3])
    }

    @Test func `a deletion in the table of what lives is a row that is wanting`() throws {
        let changes = try fill()
        try fixture.change(
            nil,
            "\(Self.copy) VALUES ('1.2.1.3', '1.2', '1.2.1', 'DELETE', '2050-01-01 00:00:00.000000Z')"
        )
        let found = try #require(try fixture.verify().found)
        #expect(found.listed == [Difference(kind: .inIndexNotInTable, uids: instance(3), change: changes[2])])
    }

    @Test(arguments: [StoreSettings.Deletions.append, .ignore])
    func `rows of what is gone are right if the store's deletions are ignored`(deletions: StoreSettings.Deletions)
        throws
    {
        let fixture = try ServiceFixture { $0.stores[0].deletions = deletions }
        try fixture.fill(1...4)
        try fixture.feed()
        try fixture.remove("1")
        try fixture.feed()
        try fixture.change(nil, "DELETE FROM instances WHERE Type = 'DELETE'")
        let found = try #require(try fixture.verify().found)
        #expect(found.counts == (deletions == .append ? [.inTableNotInIndex: 1] : [:]))
    }

    @Test func `a version that the stream had to pass over is not wanting`() throws {
        let changes = try fill()
        try fixture.change(nil, "DELETE FROM instances WHERE SOPInstanceUID = '1.2.1.2'")
        try fixture.changeIndex("INSERT INTO passed VALUES (\(changes[1]))")
        #expect(try fixture.verify().found?.differing == 0)
    }

    @Test func `all differences are counted, and the first ones listed`() throws {
        try fixture.fill(1...120)
        try fixture.feed()
        try fixture.change(nil, "DELETE FROM instances")
        let stored = try fixture.verify()
        #expect(stored.failure == 120 && stored.success == 120)
        #expect(stored.found?.counts == [.inIndexNotInTable: 120])
        #expect(stored.found?.listed.count == VerificationResult.maximumListed)
    }

    // MARK: What differs in the directory

    struct DirectoryCase: Sendable, CustomTestStringConvertible {
        var kind: Difference.Kind
        var path: String
        /// By the number of the index's record.
        var isKnown: Bool
        var isThere: Bool
        var change: @Sendable (ServiceFixture) throws -> Void

        var testDescription: String { "\(kind.rawValue) \(path)" }
    }

    static let directoryCases = [
        DirectoryCase(kind: .inDirectoryNotInIndex, path: "new", isKnown: false, isThere: true) {
            try $0.write("new", 9)
        },
        DirectoryCase(kind: .inIndexNotInDirectory, path: "2", isKnown: true, isThere: false) {
            try Files.remove($0.path("2"))
        },
        // A directory in the file's place is no file.
        DirectoryCase(kind: .inIndexNotInDirectory, path: "2", isKnown: true, isThere: false) {
            try Files.remove($0.path("2"))
            try Files.makeDirectory($0.path("2"))
        },
        DirectoryCase(kind: .changedInDirectory, path: "2", isKnown: true, isThere: true) {
            try Files.write(Array("another content".utf8), to: $0.path("2"))
        },
        DirectoryCase(kind: .changedInDirectory, path: "2", isKnown: true, isThere: true) {
            try $0.write("new.part", 2)
            try Files.rename($0.path("new.part"), to: $0.path("2"))
        },
        // What is known to be out of reach is concluded neither to have changed nor to be gone.
        DirectoryCase(kind: .unreadable, path: "2", isKnown: true, isThere: false) {
            try Files.remove($0.path("2"))
            try $0.note(Absence(path: Array("2".utf8), kind: .unreadableFile, reason: "r", files: 1))
        },
    ]

    @Test(arguments: directoryCases)
    func `what differs in the directory is found, once it had the time to agree`(case given: DirectoryCase) throws {
        let changes = try fill()
        try given.change(fixture)
        let stored = try fixture.verify()
        #expect(stored.code == nil && stored.failure == 1)
        let found = try #require(stored.found)
        #expect(found.counts == [given.kind: 1])
        let inode = given.isThere ? try Files.inode(fixture.path(given.path)) : nil
        let expected = Difference(
            kind: given.kind,
            uids: given.isKnown ? instance(2) : nil,
            change: given.isKnown ? changes[1] : nil,
            inode: inode,
            path: Array(given.path.utf8)
        )
        #expect(found.listed == [expected])
        #expect(stored.success == (given.isKnown ? 7 : 8))
    }

    @Test func `a file with other rights, or another time of status, has not changed`() throws {
        try fill()
        try Files.hardLink(fixture.path("2"), to: fixture.path("2.part"))
        try Files.remove(fixture.path("2.part"))
        #expect(try fixture.verify().failure == 0)
    }

    // MARK: Why it is not done

    /// Checks that a verification ended in error, and left nothing behind.
    private func expectEnd(
        _ stored: StoredOperation,
        _ code: Int,
        _ message: String,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(stored.ended != nil && stored.code == code, sourceLocation: location)
        #expect(stored.message?.contains(message) == true, "\(stored.message ?? "-")", sourceLocation: location)
        #expect(stored.response == nil && fixture.leftovers() == [], sourceLocation: location)
        let told = fixture.journal.events.contains { event in
            guard
                case .operationEnded(
                    _,
                    stored.id,
                    OperationMethod.verify.rawValue,
                    RPCCode(number: code),
                    stored.message
                ) = event
            else { return false }
            return true
        }
        #expect(told, sourceLocation: location)
    }

    @Test func `a table that does not exist is not found, and not made`() throws {
        try fixture.fill(1...1)
        expectEnd(try fixture.verify(), 5, "The table bq://hospital.radiology.instances does not exist.")
        #expect(!Files.exists(fixture.service.warehouse.file(of: fixture.table)))
        try fixture.feed()
        let other = try TableReference(uri: "bq://hospital.radiology.none")
        expectEnd(try fixture.verify(with: other), 5, "The table bq://hospital.radiology.none does not exist.")
    }

    @Test func `a table that somebody else has made is not compared`() throws {
        try fill()
        try fixture.change(nil, "CREATE TABLE foreign_table (SOPInstanceUID TEXT)")
        let table = try TableReference(uri: "bq://hospital.radiology.foreign_table")
        expectEnd(try fixture.verify(with: table), 9, "was made by somebody else")
    }

    @Test(arguments: [
        ("DELETE FROM _dicomexportd_streams", "has not started yet"),
        ("UPDATE _dicomexportd_streams SET epoch = NULL", "has not started yet"),
        ("UPDATE _dicomexportd_streams SET epoch = x'00'", "is not of this log"),
        ("UPDATE _dicomexportd_streams SET change = change + 100", "is not of this log"),
    ])
    func `a stream's table is compared only if its cursor is one of this log`(
        statement: String,
        message: String
    ) throws {
        try fill()
        try fixture.change(nil, statement)
        expectEnd(try fixture.verify(), 9, message)
    }

    @Test func `if the store's directory is away, nothing is concluded`() throws {
        try fill()
        try Files.rename(fixture.home / "store", to: fixture.home / "away")
        expectEnd(try fixture.verify(), 14, "the store's directory cannot be read: No such file or directory")
    }

    @Test func `with too little space left it ends before it writes anything`() throws {
        try fill()
        let small = try ServiceFixture(after: fixture) { $0.minimumFreeSpace = .max }
        let operation = try small.verification()
        small.run(operation)
        let stored = try small.operation(operation.id)
        #expect(stored.code == 8 && stored.message?.contains("minimumFreeSpace") == true)
        #expect(small.leftovers() == [])
    }

    // MARK: Repair

    /// Works at a verification while another thread answers in the intake's place, once it is asked for new versions.
    ///
    /// - Returns: whether it was asked.
    private func run(
        _ operation: VerificationOperation,
        in other: ServiceFixture? = nil,
        _ answer: @escaping @Sendable (StoreIntake) -> Void
    ) throws -> Bool {
        let fixture = other ?? fixture
        let intake = fixture.intake
        let wasAsked = Mutex<Bool?>(nil)
        let thread = try WorkerThread(name: "test") {
            do {
                try eventually("the verification asks, or ends") {
                    intake.hasRenewals || wasAsked.withLock { $0 } == false
                }
                guard intake.hasRenewals else { return }
                wasAsked.withLock { $0 = true }
                answer(intake)
            } catch {
                Issue.record(error)
                operation.cancel()
            }
        }
        fixture.run(operation)
        let answered = wasAsked.withLock { wasAsked in
            if wasAsked == nil { wasAsked = false }
            return wasAsked == true
        }
        thread.join()
        return answered
    }

    @Test func `rows that are wanting, too old or too new are made good by new versions`() throws {
        let changes = try fill()
        try fixture.change(
            nil,
            """
            DELETE FROM instances WHERE SOPInstanceUID = '1.2.1.1';
            UPDATE instances SET LastUpdated = '2001-01-01 00:00:00.000000Z' WHERE SOPInstanceUID = '1.2.1.2';
            UPDATE instances SET LastUpdated = '2023-11-14 22:14:00.000000Z' WHERE SOPInstanceUID = '1.2.1.3';
            """
        )
        let operation = try fixture.verification(repairs: true)
        let asked = Mutex<[ChangeNumber]>([])
        #expect(try run(operation) { intake in asked.withLock { $0 = intake.takeMail().renewals } })
        let wanted = asked.withLock { $0 }
        #expect(wanted == [changes[0], changes[1], changes[2]])
        let stored = try fixture.operation(operation.id)
        #expect(stored.code == nil && stored.found?.repaired == 3)
        #expect(stored.found?.counts == [.inIndexNotInTable: 1, .olderInTable: 1, .newerInTable: 1])
        try fixture.renew(wanted)
        // The newer row is left behind once the clock has passed it.
        for _ in 0..<60 { try fixture.renew([try #require(try fixture.version(of: "3"))]) }
        try fixture.feed()
        #expect(try fixture.verify().failure == 0)
    }

    @Test func `what is twice in a table, or should not be there, is not made good`() throws {
        try fill()
        for given in Self.tableCases where [.twiceInTable, .inTableNotInIndex].contains(given.kind) {
            try fixture.change(nil, given.change)
        }
        let operation = try fixture.verification(repairs: true)
        #expect(try !run(operation) { _ = $0.takeMail() })
        let stored = try fixture.operation(operation.id)
        #expect(stored.failure == 2 && stored.found?.repaired == 0)
    }

    @Test func `without a wish to repair nothing is asked for`() throws {
        try fill()
        try fixture.change(nil, "DELETE FROM instances")
        #expect(try fixture.verify().found?.repaired == 0)
        #expect(!fixture.intake.hasRenewals)
    }

    @Test func `a table that no stream feeds cannot be repaired`() throws {
        let table = try TableReference(uri: "bq://hospital.radiology.exported")
        try fixture.fill(1...1)
        try fixture.feed(table)
        expectEnd(
            try fixture.verify(with: table, repairs: true),
            9,
            "No stream feeds bq://hospital.radiology.exported: only one can be repaired."
        )
    }

    // MARK: Its end before it is done

    @Test func `one that was cancelled before it began ends at once`() throws {
        try fill()
        let operation = try fixture.verification()
        #expect(try fixture.service.cancel(operation.id))
        fixture.run(operation)
        expectEnd(try fixture.operation(operation.id), 1, "The operation was cancelled.")
        #expect(operation.progress == nil)
    }

    @Test func `one that waits for repairs ends when it is cancelled, and says how far it was`() throws {
        try fill()
        try fixture.change(nil, "DELETE FROM instances WHERE SOPInstanceUID = '1.2.1.4'")
        let operation = try fixture.verification(repairs: true)
        #expect(try run(operation) { _ in operation.cancel() })
        let stored = try fixture.operation(operation.id)
        expectEnd(stored, 1, "The operation was cancelled.")
        // Four files and three instances agree.
        #expect(stored.success == 7 && stored.failure == 1)
    }

    @Test func `one that is stopped has not ended, and begins again at the next start`() throws {
        try fill()
        try fixture.change(nil, "DELETE FROM instances WHERE SOPInstanceUID = '1.2.1.4'")
        let operation = try fixture.verification(repairs: true)
        let told = fixture.journal.events.count
        #expect(try run(operation) { _ in operation.stop() })
        let open = try fixture.operation(operation.id)
        #expect(open.ended == nil && open.code == nil && open.success == 0)
        #expect(fixture.leftovers() == [] && fixture.journal.events.count == told)

        let next = try ServiceFixture(after: fixture)
        try next.service.verifications.resume(open, of: next.intake)
        let resumed = try #require(next.service.verifications.operation(operation.id))
        #expect(resumed.repairs && resumed.snapshot == open.snapshot && !resumed.isCancelled)
        #expect(try run(resumed, in: next) { _ = $0.takeMail() })
        let stored = try next.operation(operation.id)
        #expect(stored.code == nil && stored.found?.repaired == 1 && stored.success == 7)
    }

    @Test func `the service's end comes before a wish to cancel`() throws {
        try fill()
        let operation = try fixture.verification()
        operation.cancel()
        operation.stop()
        fixture.run(operation)
        #expect(try fixture.operation(operation.id).ended == nil)
    }

    @Test func `the log is held from the stream's cursor on`() throws {
        try fill()
        let cursor = try fixture.index.reader().head()
        try fixture.changeIndex("UPDATE streams SET cursor = \(cursor)")
        try fixture.fill(5...6)
        let operation = try fixture.verification()
        #expect(try fixture.operation(operation.id).snapshot == cursor + 2)
        fixture.run(operation)
        #expect(try fixture.operation(operation.id).snapshot == cursor)
    }
}
