import Glibc
package import HealthcareAPI

/// Which users and groups have which role: `[access]` of the configuration, with its names resolved.
package struct AccessPolicy: Hashable, Sendable {
    /// The user that runs the service; an admin like root.
    package var serviceUser: UInt32
    package private(set) var groups: [Role: Set<UInt32>]
    /// Names that the system does not know; nobody gets a role by them.
    package private(set) var unknownGroups: [String] = []

    package init(serviceUser: UInt32 = geteuid(), groups: [Role: Set<UInt32>] = [:]) {
        self.serviceUser = serviceUser
        self.groups = groups
    }

    /// - Parameters:
    ///   - admins: names of groups, or their numbers.
    ///   - operators: names of groups, or their numbers.
    ///   - viewers: names of groups, or their numbers.
    package init(admins: [String], operators: [String], viewers: [String]) {
        self.init()
        for (role, names) in [(Role.admin, admins), (.operatorRole, operators), (.viewer, viewers)] {
            for name in names {
                if let group = Self.identifier(ofGroup: name) {
                    groups[role, default: []].insert(group)
                } else {
                    unknownGroups.append(name)
                }
            }
        }
    }

    /// The highest role that the peer has by its user or any of its groups; nil if it has none.
    package func role(of peer: PeerCredentials) -> Role? {
        if peer.uid == 0 || peer.uid == serviceUser { return .admin }
        let own = Set(peer.groups + [peer.gid])
        return Role.allCases.reversed().first { !(groups[$0] ?? []).isDisjoint(with: own) }
    }

    private static func identifier(ofGroup name: String) -> UInt32? {
        var record = group()
        var size = 1024
        while size <= 1 << 20 {
            var buffer = [CChar](repeating: 0, count: size)
            var result: UnsafeMutablePointer<group>?
            let code = getgrnam_r(name, &record, &buffer, size, &result)
            if code == ERANGE {
                size *= 4
                continue
            }
            return code == 0 && result != nil ? record.gr_gid : UInt32(name)
        }
        return nil
    }
}
