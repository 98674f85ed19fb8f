import BigQueryTable
import Operations
import Pipeline
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// Rows that are made again from the log, with real files and a real index.
@Suite struct EntryReaderTests {
    private let fixture: TableFixture
    private let schema = TableSchema(kind: .flattened, includesSourceStore: false)

    init() throws { fixture = try TableFixture() }

    /// One pass over the whole log.
    private func read(
        into batch: RowBatch = RowBatch(),
        after cursor: ChangeNumber = 0,
        counts: (LogEntry) -> Bool = { _ in true },
        isPassed: (LogEntry) throws(ServiceFault) -> Bool = { _ in false },
        goOn: () -> Bool = { true }
    ) throws -> EntryReader.Pass {
        var reader = EntryReader(fixture.intake, service: fixture.pipeline.settings, index: fixture.index)
        reader.prepare(for: schema)
        return try reader.read(
            try fixture.entries(after: cursor),
            after: cursor,
            with: try fixture.index.reader(),
            into: batch,
            counts: counts,
            isPassed: isPassed,
            goOn: goOn
        )
    }

    private func rows(_ batch: RowBatch) -> [String] {
        batch.rows.map { "\($0.kind) \($0.change) \(batch.text($0.path))" }
    }

    @Test func `live versions are rows, as the log has them`() throws {
        let first = try fixture.put(1)
        try fixture.write(TableFixture.damaged(2), to: "2.dcm")
        let second = try fixture.see("2.dcm")
        let batch = RowBatch()
        let pass = try read(into: batch)
        #expect(rows(batch) == ["create \(first) 1.dcm", "create \(second) 2.dcm"])
        #expect(batch.rows.map(\.lastUpdated) == (try fixture.entries().map(\.time)))
        #expect(batch.rows.map(\.size) == (try fixture.entries().map(\.size)))
        #expect(batch.rows.map(\.isDamaged) == [false, true])
        #expect(pass.through == second && pass.failures == 0 && pass.gone.isEmpty && pass.blocked.isEmpty)
    }

    @Test func `it says the same twice, and keeps what the batch has`() throws {
        try fixture.put(1)
        let batch = RowBatch()
        _ = try read(into: batch)
        _ = try read(into: batch)
        #expect(batch.rows.count == 2 && batch.rows[0].change == batch.rows[1].change)
    }

    @Test func `ends are rows, failures are counted, versions that have ended are gone`() throws {
        let first = try fixture.put(1)
        try fixture.putFailure("bad.dcm")
        try fixture.putFailure("worse.dcm")
        try fixture.remove("1.dcm")
        let last = try fixture.put(2)
        let batch = RowBatch()
        let pass = try read(into: batch)
        #expect(batch.rows.map(\.kind) == [.delete, .create])
        #expect(pass.failures == 2 && pass.blocked.isEmpty && pass.through == last)
        let entry = try fixture.entries()[0]
        #expect(
            pass.gone == [GoneEntry(change: first, path: Array("1.dcm".utf8), sop: "1.2.3.4.1", time: entry.time)]
        )
    }

    @Test func `an instance is found where it was moved to`() throws {
        let change = try fixture.put(1)
        try Files.makeDirectory(fixture.path(of: "sorted"))
        try fixture.move("1.dcm", to: "sorted/1.dcm")
        let batch = RowBatch()
        _ = try read(into: batch)
        #expect(rows(batch) == ["create \(change) sorted/1.dcm"])
    }

    /// What became of a file since the log had it.
    enum Since: CaseIterable, Sendable {
        case removed, directory, link, other, longer, text, cut

        func apply(to fixture: TableFixture) throws {
            let path = fixture.path(of: "2.dcm")
            switch self {
            case .removed: try Files.remove(path)
            case .directory:
                try Files.remove(path)
                try Files.makeDirectory(path)
            case .link:
                try Files.rename(path, to: fixture.home / "2.dcm")
                try Files.symbolicLink(to: fixture.home / "2.dcm", at: path)
            case .other: try fixture.write(TableFixture.instance(2, "B"), to: "2.dcm")
            case .longer: try Files.write(TableFixture.bytes(2) + [0, 0], to: path)
            case .text: try Files.write(Array("text".utf8), to: path)
            case .cut: try Files.write(Array(try Files.read(path).prefix(150)), to: path)
            }
        }
    }

    @Test(arguments: Since.allCases)
    func `a file that is not as the log has it is in the way, and what comes before it is done`(since: Since) throws {
        let first = try fixture.put(1)
        let second = try fixture.put(2)
        try fixture.put(3)
        try since.apply(to: fixture)
        let batch = RowBatch()
        let pass = try read(into: batch)
        #expect(rows(batch) == ["create \(first) 1.dcm"])
        #expect(pass.through == first && pass.gone.isEmpty)
        #expect(pass.blocked.map(\.change) == [second])
    }

    @Test(arguments: Since.allCases)
    func `what is passed over is gone, and the rest is done`(since: Since) throws {
        let first = try fixture.put(1)
        let second = try fixture.put(2)
        let third = try fixture.put(3)
        try since.apply(to: fixture)
        let batch = RowBatch()
        let pass = try read(into: batch, isPassed: { entry throws(ServiceFault) in entry.change == second })
        #expect(rows(batch) == ["create \(first) 1.dcm", "create \(third) 3.dcm"])
        #expect(pass.gone.map(\.change) == [second] && pass.gone.map(\.sop) == ["1.2.3.4.2"])
        #expect(pass.through == third && pass.blocked.isEmpty)
    }

    @Test func `a file that was written again with the same content is no other`() throws {
        let change = try fixture.put(1)
        try Files.writeAndRename(TableFixture.bytes(1), to: fixture.path(of: "1.dcm"))
        let batch = RowBatch()
        #expect(try read(into: batch).blocked.isEmpty)
        #expect(rows(batch) == ["create \(change) 1.dcm"])
    }

    @Test func `with the one in the way come those behind it that look as if they were as well`() throws {
        let changes = try (1...5).map { try fixture.put($0) }
        try fixture.putFailure()
        try fixture.put(6)
        try fixture.remove("6.dcm")
        for number in [2, 4] { try Files.remove(fixture.path(of: "\(number).dcm")) }
        try Files.writeAndRename(TableFixture.bytes(5), to: fixture.path(of: "5.dcm"))
        let pass = try read()
        #expect(pass.blocked.map(\.change) == [changes[1], changes[3], changes[4]])
        #expect(pass.through == changes[0] && pass.failures == 0)
        let some = try read(counts: { $0.change != changes[3] })
        #expect(some.blocked.map(\.change) == [changes[1], changes[4]])
    }

    @Test func `what does not count is passed without a look`() throws {
        try fixture.put(1, isBaseline: true)
        try fixture.putFailure("bad.dcm", isBaseline: true)
        let last = try fixture.put(2)
        try Files.remove(fixture.path(of: "1.dcm"))
        let batch = RowBatch()
        let pass = try read(into: batch, counts: { !$0.isBaseline })
        #expect(rows(batch) == ["create \(last) 2.dcm"])
        #expect(pass.through == last && pass.failures == 0 && pass.blocked.isEmpty)
        let none = try read(counts: { _ in false })
        #expect(none.through == last)
    }

    @Test(arguments: 0...4)
    func `it ends where it is told to, at an entry's end`(count: Int) throws {
        let changes = try (1...3).map { try fixture.put($0) }
        let batch = RowBatch()
        let pass = try read(into: batch, after: 0, goOn: { batch.rows.count < count })
        #expect(batch.rows.map(\.change) == Array(changes.prefix(count)))
        #expect(pass.through == changes.prefix(count).last ?? 0)
        #expect(pass.blocked.isEmpty)
    }

    @Test func `a page of nothing ends where it began`() throws {
        try fixture.put(1)
        let pass = try read(after: 99)
        #expect(pass.through == 99 && pass.blocked.isEmpty)
    }

    @Test func `what goes wrong with the question ends the pass`() throws {
        try fixture.put(1)
        try Files.remove(fixture.path(of: "1.dcm"))
        #expect(throws: ServiceFault.self) {
            try read(isPassed: { _ throws(ServiceFault) in throw .process(.tooManyFiles) })
        }
    }

    @Test func `without the store's directory nothing is concluded`() throws {
        try fixture.put(1)
        try Files.rename(fixture.home / "store", to: fixture.home / "away")
        let batch = RowBatch()
        do {
            _ = try read(into: batch)
            Issue.record("the store is away")
        } catch let fault as ServiceFault {
            guard case .store(.rootUnavailable(.absent)) = fault else {
                Issue.record("\(fault)")
                return
            }
        }
        #expect(batch.isEmpty)
    }

    @Test func `rows are of the schema that it was prepared for last`() throws {
        try fixture.put(1)
        var reader = EntryReader(fixture.intake, service: fixture.pipeline.settings, index: fixture.index)
        let index = try fixture.index.reader()
        let entries = try fixture.entries()
        for (kind, column) in [(.flattened, .patientID), (.json, .metadata)] as [(SchemaKind, ColumnID)] {
            let batch = RowBatch()
            reader.prepare(for: TableSchema(kind: kind, includesSourceStore: false))
            _ = try reader.read(
                entries,
                after: 0,
                with: index,
                into: batch,
                isPassed: { _ in false },
                goOn: { true }
            )
            #expect(batch.cells.contains { $0.column == column })
        }
    }
}
