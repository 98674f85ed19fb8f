import Testing

/// The crash test is worth what its model notices.
@Suite struct StoreModelTests {
    private func row(_ mark: String?, _ instance: String, at path: String, _ time: Int) -> Row {
        Row(
            type: mark == nil ? "DELETE" : "CREATE",
            study: "1",
            series: "1",
            instance: instance,
            path: path,
            updated: "2024-01-01 00:00:0\(time)Z",
            size: 1,
            mark: mark
        )
    }

    private var model: StoreModel {
        var model = StoreModel()
        model.write("a", instance: "1", at: "one")
        model.write("b", instance: "2", at: "two")
        model.copy("one", to: "copy")
        model.rename("two", to: "moved")
        model.write("c", instance: "3", at: "three")
        model.remove("three")
        return model
    }

    private var rows: [Row] {
        [
            row("a", "1", at: "one", 1), row("b", "2", at: "two", 2), row("a", "1", at: "copy", 3),
            row("c", "3", at: "three", 4), row(nil, "3", at: "three", 5),
        ]
    }

    @Test func `a table that holds what it must is right`() {
        #expect(model.missing(in: rows) == [])
        #expect(model.surplus(in: rows) == [])
        // A version that was gone before it could be read is nobody's fault.
        #expect(model.missing(in: Array(rows.dropLast(2))) == [])
    }

    @Test(arguments: [0, 1, 2]) func `a row that is lost is missed`(index: Int) {
        var rows = rows
        rows.remove(at: index)
        #expect(model.missing(in: rows).count > 0)
    }

    @Test func `a last row of a version that no file holds is missed`() {
        var model = model
        model.write("d", instance: "1", at: "newer")
        model.remove("newer")
        let newer = row("d", "1", at: "newer", 6)
        #expect(model.missing(in: rows + [newer]) == ["1 has d in its last row, which no file holds"])
        #expect(model.missing(in: rows + [newer, row("a", "1", at: "one", 7)]) == [])
        #expect(model.surplus(in: rows + [newer, row("a", "1", at: "one", 7)]) == [])
    }

    @Test func `a deletion that is lost is missed`() {
        #expect(model.missing(in: Array(rows.dropLast())).count == 1)
    }

    @Test func `a false deletion is noticed`() {
        #expect(model.missing(in: rows + [row(nil, "1", at: "one", 6)]).count == 1)
    }

    @Test(arguments: [("a", "1", "one"), ("c", "3", "three"), ("x", "1", "one"), ("a", "2", "moved")])
    func `a row too many is noticed`(mark: String, instance: String, path: String) {
        #expect(model.surplus(in: rows + [row(mark, instance, at: path, 6)]).count > 0)
    }

    @Test func `a second deletion is noticed`() {
        #expect(model.surplus(in: rows + [row(nil, "3", at: "three", 6)]) == ["3 is deleted twice"])
    }
}
