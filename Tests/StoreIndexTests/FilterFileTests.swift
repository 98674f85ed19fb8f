import SQLite
import StoreIndex
import TestSupport
import Testing
import Vocabulary

/// The file of what a filter names.
@Suite struct FilterFileTests {
    private let home: TemporaryDirectory
    private var path: String { home / "export-1.filter" }

    init() throws { home = try TemporaryDirectory("filter") }

    private func named() throws -> [String] {
        let reader = try Connection(path: path, mode: .readOnly)
        let select = try reader.prepare("SELECT study || '/' || series || '/' || instance FROM named")
        var named: [String] = []
        while try select.step() { named.append(select.text(0) ?? "") }
        return named
    }

    private func write(_ lines: [FilterFile.Line]) throws {
        let filter = try FilterFile(path: path)
        for line in lines { try filter.add(line) }
        try filter.finish()
    }

    @Test func `what is named is kept sorted, each once`() throws {
        try write([
            .init(study: "2"), .init(study: "1", series: "1.2"), .init(study: "1", series: "1.1", instance: "9"),
            .init(study: "2"), .init(study: "1"), .init(study: "1", series: "1.1", instance: "9"),
        ])
        #expect(try named() == ["1//", "1/1.1/9", "1/1.2/", "2//"])
    }

    @Test func `a filter that did not come to its end is not whole`() throws {
        #expect(!FilterFile.isComplete(path))
        var filter: FilterFile? = try FilterFile(path: path)
        try filter?.add(.init(study: "1"))
        #expect(!FilterFile.isComplete(path))
        filter = nil
        #expect(!FilterFile.isComplete(path))
        try write([.init(study: "1")])
        #expect(FilterFile.isComplete(path))
    }

    @Test func `a filter that names nothing is whole all the same`() throws {
        try write([])
        #expect(FilterFile.isComplete(path))
        #expect(try named() == [])
    }

    @Test(arguments: ["", "no database", String(repeating: "x", count: 5000)])
    func `another file in its place is no filter, and the next one replaces it`(content: String) throws {
        try Files.write(Array(content.utf8), to: path)
        #expect(!FilterFile.isComplete(path))
        try write([.init(study: "1")])
        #expect(try named() == ["1//"])
    }

    @Test func `it begins anew over a whole one`() throws {
        try write([.init(study: "1")])
        let filter = try FilterFile(path: path)
        #expect(!FilterFile.isComplete(path))
        try filter.add(.init(study: "2"))
        try filter.finish()
        #expect(try named() == ["2//"])
    }

    @Test func `removing takes its journal as well, and nothing else`() throws {
        try write([.init(study: "1")])
        try Files.write([], to: path + "-journal")
        try Files.write([], to: path + "2")
        FilterFile.remove(path)
        #expect(Files.names(in: home.path) == ["export-1.filter2"])
        #expect(!FilterFile.isComplete(path))
    }
}
