import TestSupport
import Testing

/// Hostile files cost no more than a large one would: each is read in a process of its own, which measures itself.
@Suite struct HostileTests {
    /// KiB: the limit of a header, most of which is the list of elements.
    private static let memory = 64 << 10
    /// The whole lot takes seconds; a file that takes this long on its own has found something quadratic.
    private static let patience = 60

    @Test func `hostile files become rows or reasons within 64 MiB`() throws {
        let probe = try Self.probe()
        let home = try TemporaryDirectory()
        let directory = home.path
        let made = try ConformanceRun.run("'\(probe)' make '\(directory)' 2>&1")
        try #require(made.status == 0, "\(made.output)")
        let files = try ConformanceRun.files(in: directory)
        #expect(files.count > 50)
        for file in files {
            let result = try ConformanceRun.run("timeout \(Self.patience) '\(probe)' read '\(file)' 2>&1")
            let name = file.split(separator: "/").last ?? ""
            let growth = result.output.split(separator: " ").first.flatMap { Int($0) }
            #expect(result.status == 0, "\(name): \(result.output)")
            #expect(growth.map { $0 < Self.memory } == true, "\(name): \(result.output)")
        }
    }

    /// `RowProbe`, which is built beside the tests.
    private static func probe() throws -> String {
        let executable = try #require(CommandLine.arguments.first)
        return executable.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/RowProbe"
    }
}
