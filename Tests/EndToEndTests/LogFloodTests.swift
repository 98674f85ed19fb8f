import TestSupport
import Testing

extension EndToEndTests {
    /// What happens again and again is told a few times.
    @Suite struct LogFloodTests {
        @Test func `many failures make few entries, and every one is listed`() throws {
            let daemon = try Daemon()
            try daemon.start()
            // In batches of their own: each would tell of ten.
            for batch in 0..<10 {
                for number in 0..<30 {
                    let bytes = InstanceFile("1.2.3.\(number)", mark: "x").bytes
                    // Without its last UID: the series' element gets another group's tag.
                    try Files.writeAndRename(withoutSeries(bytes), to: "\(daemon.store)/\(batch)-\(number)")
                }
                try daemon.waitUntilSettled()
            }
            #expect(try daemon.failures().filter { $0["code"].string == "NO_UID" }.count == 300)
            let lines = daemon.tail(1 << 24).split(separator: "\n").filter {
                $0.contains("a file did not become a row")
            }
            // Ten a minute; it cannot take three.
            #expect((1...30).contains(lines.count), "\(lines.count)")
            try daemon.stop()
        }

        private func withoutSeries(_ bytes: [UInt8]) -> [UInt8] {
            let tag: [UInt8] = [0x20, 0x00, 0x0E, 0x00]
            var bytes = bytes
            if let at = (0..<bytes.count - 4).last(where: { Array(bytes[$0..<$0 + 4]) == tag }) { bytes[at + 2] = 0x0F }
            return bytes
        }
    }
}
