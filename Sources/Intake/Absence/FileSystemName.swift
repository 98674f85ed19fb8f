/// File systems by their magic numbers (`linux/magic.h`), as mount(8) calls them.
enum FileSystemName {
    static func of(_ type: Int64) -> String {
        names[type] ?? (type == 0 ? "file system" : "file system of another type")
    }

    private static let names: [Int64: String] = [
        0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0x0102_1994: "tmpfs", 0x794C_7630: "overlay",
        0x6969: "nfs", 0x517B: "cifs", 0xFE53_4D42: "cifs", 0xFF53_4D42: "cifs", 0x6573_5546: "fuse",
        0x2FC1_2FC1: "zfs",
        0x00C3_6400: "ceph", 0x0102_1997: "9p", 0x4D44: "vfat", 0x5346_544E: "ntfs", 0x7366_746E: "ntfs3",
        0x2011_BAB0: "exfat", 0x0BD0_0BD0: "lustre", 0x4750_4653: "gpfs", 0x0116_1970: "gfs2",
    ]
}
