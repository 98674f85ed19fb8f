import TestSupport
import Testing

extension EndToEndTests {
    @Suite struct PydicomFilesTests {
        /// Files without a row, and why; all others hold an instance with a whole header. `DICOM` in the name says little:
        /// some hold a single element, as material for a parser's tests.
        static let withoutRow: [String: String] = [
            "JPEGLSNearLossless_08.dcm": "NO_UID",
            "JPEGLSNearLossless_16.dcm": "NO_UID",
            "SC_rgb_jls_lossy_line.dcm": "NO_UID",
            "SC_rgb_jls_lossy_sample.dcm": "NO_UID",
            "UN_sequence.dcm": "NO_UID",
            "empty_charset_LEI.dcm": "NO_UID",
            "meta_missing_tsyntax.dcm": "NO_UID",
            "nested_priv_SQ.dcm": "NO_UID",
            "no_meta_group_length.dcm": "NO_UID",
            "priv_SQ.dcm": "NO_UID",
            "charset_files/chrSQEncoding.dcm": "NO_UID",
            "charset_files/chrSQEncoding1.dcm": "NO_UID",
            // Without a preamble, and nothing that a data set begins with.
            "no_meta.dcm": "NOT_DICOM",
            "README.txt": "NOT_DICOM",
            "crayons.icc": "NOT_DICOM",
            "rtplan.dump": "NOT_DICOM",
            "rtstruct.dump": "NOT_DICOM",
            "test1.json": "NOT_DICOM",
            "test_PN.json": "NOT_DICOM",
            "zipMR.gz": "NOT_DICOM",
            "dicomdirtests/README.txt": "NOT_DICOM",
            "dicomdirtests/TINY_ALPHA/README": "NOT_DICOM",
            "charset_files/FileInfo.txt": "NOT_DICOM",
            "dicomdirtests/DICOMDIR": "NOT_AN_INSTANCE",
            "dicomdirtests/DICOMDIR-bigEnd": "NOT_AN_INSTANCE",
            "dicomdirtests/DICOMDIR-empty.dcm": "NOT_AN_INSTANCE",
            "dicomdirtests/DICOMDIR-implicit": "NOT_AN_INSTANCE",
            "dicomdirtests/DICOMDIR-nooffset": "NOT_AN_INSTANCE",
            "dicomdirtests/DICOMDIR-nopatient": "NOT_AN_INSTANCE",
            "dicomdirtests/DICOMDIR-reordered": "NOT_AN_INSTANCE",
            "dicomdirtests/TINY_ALPHA/DICOMDIR": "NOT_AN_INSTANCE",
        ]

        @Test func `each file that pydicom brings has a row, or a reason with an offset`() throws {
            guard let files = Environment.variable("DICOMEXPORT_PYDICOM_DATA"), Files.exists(files),
                let charsets = Environment.variable("DICOMEXPORT_PYDICOM_CHARSETS")
            else {
                return skip("pydicom's files: DICOMEXPORT_PYDICOM_DATA is not set; packaging/test sets it")
            }
            let daemon = try Daemon(settings: ["incompleteTimeout = \"1s\""])
            try ChildProcess.run(["cp", "-r", files + "/.", daemon.store])
            try ChildProcess.run(["cp", "-r", charsets, daemon.store + "/charset_files"])
            try ChildProcess.run(["find", daemon.store, "-name", "*.py*", "-delete"])
            let all = Set(Files.tree(daemon.store))
            let expected = all.subtracting(Self.withoutRow.keys)
            #expect(Set(Self.withoutRow.keys).isSubset(of: all), "the list names files of pydicom 3.0.2")

            try daemon.start()
            try eventually("all files have been judged", within: .seconds(60)) {
                // What ends too early is waited for, for a second.
                let failures = try daemon.failures().filter { $0["code"].string != "INCOMPLETE" }
                return try Table(daemon).count() + failures.count >= all.count && daemon.isSettled()
            }
            let rows = try Table(daemon).rows()
            #expect(Set(rows.map(\.path)).symmetricDifference(expected) == [])
            #expect(rows.count == expected.count)
            #expect(rows.allSatisfy { !$0.instance.isEmpty && !$0.series.isEmpty && !$0.study.isEmpty })

            var failures: [String: JSON] = [:]
            for failure in try daemon.failures() { failures[failure["path"].string ?? ""] = failure }
            for (path, code) in Self.withoutRow {
                let failure = failures[path] ?? .null
                #expect(failure["code"].string == code, "\(path)")
                #expect(failure["reason"].string?.isEmpty == false, "\(path)")
                #expect(failure["offset"].string != nil, "\(path)")
            }
            #expect(Set(failures.keys).subtracting(Self.withoutRow.keys) == [])
            // Skipped files are neither success nor failure.
            let failed = Self.withoutRow.values.filter { !$0.hasPrefix("NOT_") }.count
            try eventually("the counters say the same") {
                try daemon.counters() == Counters(success: expected.count, failure: failed)
            }
            try daemon.stop()
        }
    }
}
