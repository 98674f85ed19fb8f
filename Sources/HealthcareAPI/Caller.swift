/// What a caller may do. Each role may do all that the lesser ones may.
package enum Role: Int, Comparable, Hashable, Sendable, CaseIterable {
    /// Read.
    case viewer
    /// Start and cancel operations that leave what is recorded as it is; see the paths of files, which can hold names.
    case operatorRole
    /// Reload the configuration, and conclude that files are gone.
    case admin

    package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }

    /// The name of the list of groups under `[access]` that gives the role.
    package var configurationKey: String {
        switch self {
        case .viewer: "viewers"
        case .operatorRole: "operators"
        case .admin: "admins"
        }
    }
}

/// Who asks: as the kernel says, never as the caller does.
package struct Caller: Hashable, Sendable {
    package var uid: UInt32
    package var gid: UInt32
    package var pid: Int32
    package var role: Role

    package init(uid: UInt32, gid: UInt32, pid: Int32, role: Role) {
        self.uid = uid
        self.gid = gid
        self.pid = pid
        self.role = role
    }
}
