import TestSupport
import Testing

/// Rows beside what pydicom reads in the same files.
@Suite struct PydicomTests {
    @Test(.enabled(if: ConformanceRun.hasFiles, ConformanceRun.needs))
    func `rows are what pydicom reads`() throws {
        try ConformanceRun.compare(ConformanceRun.pydicomFiles(), with: "compare_rows.py")
    }

    @Test(.enabled(if: ConformanceRun.hasFiles, ConformanceRun.needs))
    func `the JSON schema is the DICOM JSON of pydicom and DCMTK, but for what is listed`() throws {
        try ConformanceRun.compare(ConformanceRun.pydicomFiles(), with: "compare_json.py")
    }

    @Test(.enabled(if: ConformanceRun.hasFiles, ConformanceRun.needs))
    func `of the elements that pydicom reads none is lost, and files without a row are listed`() throws {
        try ConformanceRun.compare(ConformanceRun.pydicomFiles(), with: "count_elements.py")
    }

    @Test(.enabled(if: ConformanceRun.python != nil, ConformanceRun.needs), arguments: [3])
    func `rows of random files are what pydicom reads`(seed: Int) throws {
        let home = try TemporaryDirectory()
        let directory = home.path
        let command = try "\(ConformanceRun.command("random_files.py")) '\(directory)' 300 \(seed) 2>&1"
        let made = try ConformanceRun.run(command)
        try #require(made.status == 0, "\(made.output)")
        try ConformanceRun.compare(ConformanceRun.files(in: directory), with: "compare_rows.py")
    }
}
