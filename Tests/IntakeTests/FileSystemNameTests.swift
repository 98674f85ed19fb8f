import Operations
import ServiceRuntime
import Testing
import Vocabulary

@testable import Intake

/// File systems by name, as an administrator knows them.
@Suite struct FileSystemNameTests {
    @Test(arguments: [
        (0xEF53, "ext4"), (0x5846_5342, "xfs"), (0x9123_683E, "btrfs"), (0x0102_1994, "tmpfs"),
        (0x794C_7630, "overlay"), (0x6969, "nfs"), (0x517B, "cifs"), (0xFE53_4D42, "cifs"), (0xFF53_4D42, "cifs"),
        (0x6573_5546, "fuse"), (0x2FC1_2FC1, "zfs"), (0x00C3_6400, "ceph"), (0x0102_1997, "9p"), (0x4D44, "vfat"),
        (0x5346_544E, "ntfs"), (0x7366_746E, "ntfs3"), (0x2011_BAB0, "exfat"), (0x0BD0_0BD0, "lustre"),
        (0x4750_4653, "gpfs"), (0x0116_1970, "gfs2"),
    ])
    func `a magic number has the name that mount calls it by`(type: Int64, name: String) {
        #expect(FileSystemName.of(type) == name)
    }

    @Test func `one that was written down without its number is a file system`() {
        #expect(FileSystemName.of(0) == "file system")
    }

    @Test(arguments: [1, -1, 0xEF54, .max, .min] as [Int64])
    func `one without a name is of another type`(type: Int64) {
        #expect(FileSystemName.of(type) == "file system of another type")
    }
}
