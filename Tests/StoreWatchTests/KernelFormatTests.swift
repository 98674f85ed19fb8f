import Testing

@testable import StoreWatch

/// What the kernel writes, read from bytes.
@Suite struct KernelFormatTests {
    private func record(watch: Int32, mask: UInt32, name: String, padding: Int) -> [UInt8] {
        let padded = Array(name.utf8) + Array(repeating: UInt8(0), count: padding)
        return withUnsafeBytes(of: watch) { Array($0) } + withUnsafeBytes(of: mask) { Array($0) } + [0, 0, 0, 0]
            + withUnsafeBytes(of: UInt32(padded.count)) { Array($0) } + padded
    }

    @Test func `events are read one after the other`() throws {
        let bytes =
            record(watch: 7, mask: 8, name: "name", padding: 12)
            + record(watch: 9, mask: 0x4000_0100, name: "", padding: 0)
        try bytes.withUnsafeBytes { buffer in
            let (first, next) = try #require(InotifyEvent.read(from: buffer, at: 0))
            #expect(first.watch == 7)
            #expect(first.mask == 8)
            #expect(Array(first.name) == Array("name".utf8))
            #expect(next == 32)
            let (second, end) = try #require(InotifyEvent.read(from: buffer, at: next))
            #expect(second.isDirectory)
            #expect(second.name.isEmpty)
            #expect(InotifyEvent.read(from: buffer, at: end) == nil)
        }
    }

    @Test func `the overflow of the queue has no directory and no name`() throws {
        try record(watch: -1, mask: 0x4000, name: "", padding: 0).withUnsafeBytes { buffer in
            let (event, _) = try #require(InotifyEvent.read(from: buffer, at: 0))
            #expect(event.watch == -1)
            #expect(event.has(0x4000))
        }
    }

    @Test func `a record that is cut off is none`() {
        let bytes = record(watch: 7, mask: 8, name: "name", padding: 12)
        for count in 0..<bytes.count {
            bytes[..<count].withUnsafeBytes { #expect(InotifyEvent.read(from: $0, at: 0) == nil) }
        }
    }

    @Test func `mounts at and below a directory are picked, whatever their names`() {
        let table = """
            22 1 8:1 / / rw - ext4 /dev/sda1 rw
            30 22 0:39 / /srv/my\\040store rw,relatime shared:1 - tmpfs none rw
            31 30 0:40 / /srv/my\\040store/sub rw - tmpfs none rw
            32 22 0:41 / /srv/my\\040store2 rw - tmpfs none rw
            broken
            """
        let below = MountTable.mounts(in: table, below: "/srv/my store")
        #expect(below == ["30 0:39 /srv/my\\040store", "31 0:40 /srv/my\\040store/sub"])
        #expect(MountTable.mounts(in: table, below: "/").count == 4)
        #expect(MountTable.escaped("a\tb\nc\\d e") == "a\\011b\\012c\\134d\\040e")
    }

    @Test(arguments: [
        (0x6969, true), (0x6573_5546, true), (0xFF53_4D42, true), (0xFE53_4D42, true), (0x0102_1997, true),
        (0xEF53, false), (0x0102_1994, false), (0x794C_7630, false), (0x5846_5342, false), (0x9123_683E, false),
    ])
    func `network file systems are known by their magic number`(type: Int, isNetwork: Bool) {
        let identity = RootIdentity(device: 1, inode: 1, fileSystem: 0, type: Int64(type))
        #expect(identity.isNetwork == isNetwork)
    }

    @Test func `an id that is the device's number, or none at all, tells no file system from another`() {
        func identity(_ device: UInt64, _ fileSystem: UInt64, _ type: Int64) -> RootIdentity {
            RootIdentity(device: device, inode: 1, fileSystem: fileSystem, type: type)
        }
        #expect(identity(0x811, 0x1234_5678_9ABC, 0xEF53).isStable)
        #expect(identity(0x2A, 0x1234_5678_9ABC, 0x0102_1994).isStable)
        #expect(!identity(0x811, 0x811, 0x5846_5342).isStable)
        #expect(!identity(0x811, 0x811, 0x2011_BAB0).isStable)
        #expect(!identity(0x2A, 0, 0x6969).isStable)
    }
}
