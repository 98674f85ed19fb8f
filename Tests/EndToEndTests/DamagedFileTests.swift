import TestSupport
import Testing

extension EndToEndTests {
    /// Damage costs what is damaged, and is seen.
    @Suite struct DamagedFileTests {
        /// An element whose VR and length make no sense.
        private static let broken: (tag: UInt32, vr: String, value: [UInt8]) = (0x0028_0004, "?!", [9, 9, 9, 9])

        private static func damagedFile(_ instance: String) -> InstanceFile {
            var file = InstanceFile(instance)
            file.more = [broken, (0x0028_0010, "US", [2, 0]), (0x0028_0011, "US", [2, 0])]
            return file
        }

        @Test func `a damaged file is a row, counted and listed, until it is sent again`() throws {
            let daemon = try Daemon()
            var bytes = Self.damagedFile("1.2.3.1").bytes
            let at = try #require(
                bytes.indices.dropLast(8).first { bytes[$0..<($0 + 6)].elementsEqual([0x28, 0, 4, 0, 0x3F, 0x21]) }
            )
            bytes.replaceSubrange(at + 6..<at + 8, with: [0xFF, 0x7F])
            try Files.write(bytes, to: daemon.store + "/1")
            try Files.write(InstanceFile("1.2.3.2").bytes, to: daemon.store + "/2")
            try daemon.start()
            try daemon.waitForRows(2)
            let dropped = try Table(daemon).text("DroppedTags", of: "1.2.3.1")
            #expect(
                dropped?.contains(
                    #""TagName":"PhotometricInterpretation","Reason":"MALFORMED","Value":"offset \#(at), "#
                ) == true
            )
            #expect(try Table(daemon).text("Rows", of: "1.2.3.1") == "2")
            #expect(try daemon.failures().isEmpty)
            let listed = try daemon.get("\(daemon.storeName)/failures?damaged=true")["failures"].items
            #expect(listed.map { $0["code"].string } == ["MALFORMED"])
            #expect(listed.map { $0["offset"].integer } == [at])
            #expect(listed.map { $0["tag"].string } == ["(0028,0004)"])
            #expect(listed.map { $0["status"] } == [.null])
            #expect(try daemon.storeStatus["damaged"].integer == 1)
            #expect(try daemon.metric("damaged_files") == 1)
            let stream = try #require(try daemon.storeStatus["streams"].items.first)
            #expect(stream["damaged"].integer == 1 && stream["success"].integer == 2)
            let export = try daemon.export()
            #expect(export["metadata"]["counter"]["damaged"].integer == 1)
            #expect(export["metadata"]["counter"]["success"].integer == 2)
            #expect(daemon.tail().contains("damaged files became rows without what is damaged"))

            try Files.write(InstanceFile("1.2.3.1", mark: "whole").bytes, to: daemon.store + "/1")
            try daemon.waitForRows(3)
            #expect(try daemon.get("\(daemon.storeName)/failures?damaged=true")["failures"].items.isEmpty)
            #expect(try daemon.storeStatus["damaged"].integer == 0)
            try daemon.stop()
        }

        @Test func `a header that is cut short is waited for, and then becomes a row of what there is`() throws {
            let daemon = try Daemon(settings: ["incompleteTimeout = \"1s\""])
            let whole = Self.damagedFile("1.2.3.1").bytes
            try daemon.start()
            try Files.write(Array(whole.dropLast(512 + 12 + 4)), to: daemon.store + "/1")
            try daemon.waitForRows(1)
            let dropped = try Table(daemon).text("DroppedTags", of: "1.2.3.1")
            #expect(dropped?.contains(#""Reason":"TRUNCATED""#) == true, "\(dropped ?? "nil")")
            try Files.write(whole, to: daemon.store + "/1")
            try daemon.waitForRows(2)
            try daemon.stop()
        }

        @Test func `a store whose files are all compressed says so`() throws {
            let daemon = try Daemon()
            for number in 0..<3 {
                try Files.write(
                    [0x1F, 0x8B, 8, 0] + [UInt8](repeating: UInt8(number), count: 300),
                    to: daemon.store + "/\(number).gz"
                )
            }
            try daemon.start()
            try eventually("it is said") {
                try daemon.reasons().contains("none of 3 files is an instance: no DICOM file: compressed by gzip")
            }
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try daemon.waitForRows(1)
            try eventually("it is no longer so") { try daemon.reasons() == "" }
            try daemon.stop()
        }
    }
}
