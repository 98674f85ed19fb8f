internal import CLinux

/// Tells one store directory from another that has the same path, so that an unmounted disk is not an empty store.
///
/// All of it is needed: the device number of a tmpfs is used again for the next one, whose root also has inode 1;
/// only the file system's id differs then.
package struct RootIdentity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    /// `f_fsid`; 0 where the file system has none.
    package var fileSystem: UInt64
    /// The file system's magic number (`linux/magic.h`).
    package var type: Int64

    package init(device: UInt64, inode: UInt64, fileSystem: UInt64, type: Int64) {
        self.device = device
        self.inode = inode
        self.fileSystem = fileSystem
        self.type = type
    }

    /// Identifies an open directory.
    init(of descriptor: CInt) throws(Errno) {
        let status = try FileStatus(of: descriptor)
        var system = file_system()
        guard linux_fstatfs(descriptor, &system) == 0 else { throw .current }
        self.init(device: status.device, inode: status.inode, fileSystem: system.identifier, type: system.type)
    }

    /// Whether both are the same directory. Device numbers are given out anew at a reboot and at each mount of a network file
    /// system; a file system's own id, where it has one, stays.
    package func isSame(as other: RootIdentity) -> Bool {
        inode == other.inode && type == other.type && fileSystem == other.fileSystem
            && (fileSystem != 0 || device == other.device)
    }

    /// Whether what ``isSame(as:)`` says can be relied on without looking into it: not where the id is the device's number (XFS,
    /// FAT, exFAT, NTFS, F2FS, ISO 9660, UDF), or where there is none (NFS, FUSE). Another disk gets that number once this one is
    /// gone, and the topmost directory of every file system of a kind has the same inode.
    package var isStable: Bool { fileSystem != 0 && fileSystem != device }

    /// Other hosts (or a process behind FUSE) can write here without this kernel, so without inotify, knowing.
    package var isNetwork: Bool { Self.networkTypes.contains(type) }

    private static let networkTypes: Set<Int64> = [
        0x6969,  // NFS
        0x517B,  // SMB
        0xFE53_4D42,  // SMB 2 and 3
        0xFF53_4D42,  // CIFS
        0x6573_5546,  // FUSE: sshfs, GlusterFS, s3fs, virtiofs
        0x00C3_6400,  // Ceph
        0x0102_1997,  // 9P
        0x5346_414F,  // OpenAFS
        0x6B41_4653,  // AFS
        0x7375_7245,  // Coda
        0x0BD0_0BD0,  // Lustre
        0x4750_4653,  // GPFS
        0x0116_1970,  // GFS2
        0x7461_636F,  // OCFS2
        0x1983_0326,  // BeeGFS
        0x786F_4256,  // VirtualBox shared folders
    ]
}
