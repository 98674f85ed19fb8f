import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// Two stores that are one directory, though their names differ.
    @Suite struct StorePlaceTests {
        private let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            for name in ["one", "one/below", "two"] { try Files.makeDirectory(directory / name) }
        }

        @Test func `stores beside each other are accepted, also by links and before they are there`() throws {
            try Files.symbolicLink(to: "two", at: directory / "link")
            #expect(try check(["one", "link"]).ending == .exited(0))
            #expect(try check(["one", "one-more", "not/there", "not/so"]).ending == .exited(0))
        }

        @Test func `a store that is another by a link is refused`() throws {
            try Files.symbolicLink(to: directory.path, at: directory / "self")
            try Files.symbolicLink(to: "self/one", at: directory / "link")
            try refuses(["one", "link"], "dicomStores[1].path: is the directory of dicomStores[0].path too")
            try refuses(
                ["two", "self/one", "link"],
                "dicomStores[2].path: is the directory of dicomStores[1].path too"
            )
        }

        @Test func `a store that lies in another by a link is refused, in either order`() throws {
            try Files.symbolicLink(to: "one/below", at: directory / "link")
            try refuses(["one", "link"], "dicomStores[1].path: lies in dicomStores[0].path")
            try refuses(["link", "one"], "dicomStores[0].path: lies in dicomStores[1].path")
            try Files.symbolicLink(to: "two", at: directory / "other")
            // Its last parts need not exist.
            try refuses(["other/not/there", "two"], "dicomStores[0].path: lies in dicomStores[1].path")
        }

        @Test func `a store that is another or lies in it by a bind mount is refused`() throws {
            guard let namespace = try MountNamespace() else { return skip("no mount name spaces here: bind mounts") }
            try namespace.run(["mount", "--bind", directory / "one", directory / "two"])
            try refuses(
                ["one", "two"],
                "dicomStores[1].path: is the directory of dicomStores[0].path too",
                in: namespace.enter
            )
            try refuses(["one", "two/below"], "dicomStores[1].path: lies in dicomStores[0].path", in: namespace.enter)
        }

        @Test func `such a configuration does not start, and a reload keeps the one in force`() throws {
            let daemon = try Daemon(settings: [])
            try Files.symbolicLink(to: "store", at: daemon.file("link"))
            let file = daemon.file("dicomexportd.toml")
            let alone = try Files.read(file)
            let both =
                alone
                + Array(
                    """
                    [[dicomStores]]
                    name = "projects/local/locations/local/datasets/dicom/dicomStores/other"
                    path = "\(daemon.file("link"))"

                    """.utf8
                )
            try replace(file, by: both)
            try daemon.launch()
            #expect(try daemon.process?.waitForEnd() == .exited(78))
            try replace(file, by: alone)
            try daemon.start()
            try replace(file, by: both)
            let answer = try daemon.client.send("POST", "/reload", body: "{}")
            #expect(answer.status != 200)
            #expect(
                String(decoding: answer.body, as: UTF8.self)
                    .contains("dicomStores[1].path: is the directory of dicomStores[0].path too")
            )
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try daemon.waitForRows(1)
            try daemon.stop()
        }

        private func refuses(
            _ stores: [String],
            _ reason: String,
            in wrapper: [String] = [],
            at location: SourceLocation = #_sourceLocation
        ) throws {
            let (ending, text) = try check(stores, in: wrapper)
            #expect(ending == .exited(78), sourceLocation: location)
            #expect(text.contains(reason), "\(text)", sourceLocation: location)
        }

        /// What `--check-config` says to stores in these directories.
        private func check(
            _ stores: [String],
            in wrapper: [String] = []
        ) throws -> (ending: ChildProcess.Ending, text: String) {
            let output = try TemporaryDirectory("check")
            let entries = stores.enumerated().map { index, path in
                """
                [[dicomStores]]
                name = "projects/p/locations/l/datasets/d/dicomStores/store-\(index)"
                path = "\(directory / path)"

                """
            }
            try Files.write(Array(entries.joined().utf8), to: output / "toml")
            let command = [try Daemon.executable("dicomexportd"), "--check-config", "--config", output / "toml"]
            let child = try ChildProcess(wrapper + command, output: output / "output")
            let ending = try child.waitForEnd()
            return (ending, String(decoding: try Files.read(output / "output"), as: UTF8.self))
        }

        private func replace(_ file: String, by content: [UInt8]) throws {
            try Files.writeAndRename(content, to: file)
        }
    }
}
