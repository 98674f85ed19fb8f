import Testing
import Vocabulary

@Suite struct ResourceNameTests {
    private let dataset = DatasetName(project: "hospital", location: "site-a", dataset: "radiology")
    private static let base = "projects/hospital/locations/site-a/datasets/radiology"

    @Test func `a name is its text`() {
        #expect("\(dataset)" == Self.base && DatasetName(Self.base) == dataset)
        let store = DicomStoreName(dataset: dataset, store: "gate.way")
        #expect("\(store)" == Self.base + "/dicomStores/gate.way" && DicomStoreName("\(store)") == store)
        let operation = OperationName(dataset: dataset, id: "42")
        #expect("\(operation)" == Self.base + "/operations/42" && OperationName("\(operation)") == operation)
    }

    @Test(arguments: [
        "", "/", "gateway", base, base + "/", base + "/dicomStores", base + "/dicomStores/", base + "/dicomStores/s/",
        "/" + base + "/dicomStores/s", base + "/fhirStores/s", base + "/dicomStores/s/t", base + "/dicomStores/..",
        base + "/dicomStores/.", base + "/dicomStores/a b", base + "/dicomStores/a\n", base + "/dicomStores/a\u{0}",
        base + "/dicomStores/a\u{7F}", "projects/hospital/locations/../datasets/radiology/dicomStores/s",
        "projects//locations/site-a/datasets/radiology/dicomStores/s",
        "Projects/hospital/locations/site-a/datasets/radiology/dicomStores/s",
    ])
    func `what is no store's name is refused`(name: String) {
        #expect(DicomStoreName(name) == nil)
        #expect(OperationName(name.replacing("dicomStores", with: "operations")) == nil)
    }

    @Test(arguments: [
        ("hospital", "site-a", "radiology", "gateway", true),
        ("example.com:p-1", "europe-west4", "Räder_1.x", "gate-way", true), ("1", "2", "3", "4", true),
        ("寛", "l", "d", "s", false), ("P", "l", "d", "s", false), ("-p", "l", "d", "s", false),
        ("p-", "l", "d", "s", false), ("a:b:c", "l", "d", "s", false), ("x..y:p", "l", "d", "s", false),
        ("p", "L", "d", "s", false), ("p", "a.b", "d", "s", false), ("p", "l", "d:e", "s", false),
        ("p", "l", "d", "s:export", false), ("p", "l", "d", "😀", false),
        ("p", "l", String(repeating: "d", count: 257), "s", false),
        (String(repeating: "p", count: 64), "l", "d", "s", false),
    ])
    func `each id of a store has rules`(project: String, location: String, dataset: String, store: String, keeps: Bool)
    {
        let dataset = DatasetName(project: project, location: location, dataset: dataset)
        let name = DicomStoreName(dataset: dataset, store: store)
        #expect(name.isWellFormed == keeps)
        #expect(DicomStoreName("\(name)") == name)
    }

    @Test func `names sort as their texts do`() {
        let names = ["b", "a", "c"].map { DicomStoreName(dataset: dataset, store: $0) }
        #expect(names.sorted().map(\.store) == ["a", "b", "c"])
    }
}
