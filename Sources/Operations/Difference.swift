internal import StoreIndex
package import Vocabulary

/// Something in which directory, index and table do not agree.
package struct Difference: Hashable, Sendable {
    /// What is wrong; the raw value is its name on the wire and in the journal.
    package enum Kind: String, CaseIterable, Sendable {
        case inDirectoryNotInIndex = "IN_DIRECTORY_NOT_IN_INDEX"
        case inIndexNotInDirectory = "IN_INDEX_NOT_IN_DIRECTORY"
        /// The file is not the one that the index knows at its path.
        case changedInDirectory = "CHANGED_IN_DIRECTORY"
        /// Nothing is concluded from what a directory holds that cannot be read.
        case unreadable = "UNREADABLE"
        case inIndexNotInTable = "IN_INDEX_NOT_IN_TABLE"
        case inTableNotInIndex = "IN_TABLE_NOT_IN_INDEX"
        /// The table has a version of the instance that was replaced since.
        case olderInTable = "OLDER_IN_TABLE"
        /// The latest row is of a file that is gone, while another one holds the instance.
        case newerInTable = "NEWER_IN_TABLE"
        /// More than one row tells of the same version.
        case twiceInTable = "TWICE_IN_TABLE"
        /// A TIMESTAMP in a row has not six digits of fraction, so that it does not sort as the others do.
        case timestampForm = "TIMESTAMP_FORM"
    }

    package var kind: Kind
    /// nil for a file that is none, or not known to be one.
    package var uids: InstanceIdentity?
    /// The id by which the index knows the file or the version; nil where it does not.
    package var change: ChangeNumber?
    /// The file by its inode, for `find -inum`; nil where there is none.
    package var inode: UInt64?
    /// Relative to the store's directory; can hold patients' names. nil where it says nothing more.
    package var path: [UInt8]?

    package init(
        kind: Kind,
        uids: InstanceIdentity? = nil,
        change: ChangeNumber? = nil,
        inode: UInt64? = nil,
        path: [UInt8]? = nil
    ) {
        self.kind = kind
        self.uids = uids
        self.change = change
        self.inode = inode
        self.path = path
    }
}
