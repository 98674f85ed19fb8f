package import SQLite
package import Vocabulary

/// A file system that was seen in a store, and where. The files of the index name theirs by its number.
package struct MountRecord: Hashable, Sendable {
    package var id: Int64
    /// Its topmost directory in the store, relative to the store's; empty for the one that the store itself is on.
    package var point: [UInt8]
    package var device: UInt64
    /// Of its topmost directory.
    package var inode: UInt64
    /// `f_fsid`; 0 where there is none.
    package var fileSystem: UInt64
    /// The magic number; 0 if it was written down before numbers were.
    package var type: Int64
    /// The mount that it turned out to be under another identity, by the files that were found on it.
    package var sameAs: Int64?

    package init(id: Int64, point: [UInt8], device: UInt64, inode: UInt64, fileSystem: UInt64, type: Int64) {
        self.id = id
        self.point = point
        self.device = device
        self.inode = inode
        self.fileSystem = fileSystem
        self.type = type
    }
}

extension IndexReader {
    /// All that were ever seen in a store.
    package func mounts(of store: StoreID) throws(SQLiteError) -> [MountRecord] {
        let select = try connection.statement(
            "SELECT id, point, device, inode, file_system, type, same_as FROM mounts WHERE store = ? ORDER BY id"
        )
        defer { select.reset() }
        try select.bind(1, store)
        var found: [MountRecord] = []
        while try select.step() {
            var mount = MountRecord(
                id: select.int64(0),
                point: select.blob(1),
                device: UInt64(bitPattern: select.int64(2)),
                inode: UInt64(bitPattern: select.int64(3)),
                fileSystem: UInt64(bitPattern: select.int64(4)),
                type: select.int64(5)
            )
            mount.sameAs = select.isNull(6) ? nil : select.int64(6)
            found.append(mount)
        }
        return found
    }
}

extension IndexWriter {
    /// Writes a mount down, or what it is now called by the kernel; returns its number. A new one has the number 0.
    package func put(_ mount: MountRecord, store: StoreID) throws(SQLiteError) -> Int64 {
        let insert = try connection.statement(
            """
            INSERT INTO mounts (id, store, point, device, inode, file_system, type, same_as)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET device = excluded.device, inode = excluded.inode,
            file_system = excluded.file_system, type = excluded.type, same_as = excluded.same_as
            """
        )
        try insert.bind(1, mount.id == 0 ? nil : mount.id)
        try insert.bind(2, store)
        try insert.bind(3, mount.point)
        try insert.bind(4, Int64(bitPattern: mount.device))
        try insert.bind(5, Int64(bitPattern: mount.inode))
        try insert.bind(6, Int64(bitPattern: mount.fileSystem))
        try insert.bind(7, mount.type)
        try insert.bind(8, mount.sameAs)
        try insert.run()
        return mount.id == 0 ? connection.lastInsertedRow : mount.id
    }
}
