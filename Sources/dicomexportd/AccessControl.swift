internal import Configuration
internal import ControlSocket
internal import Logging
internal import Synchronization
internal import Systemd

/// Who may do what, as the configuration in force says.
final class AccessControl: Sendable {
    private let current: Mutex<AccessPolicy>
    private let logger: Logger

    init(_ configuration: ServiceConfiguration, _ logger: Logger) {
        self.logger = logger
        current = Mutex(Self.policy(configuration, logger))
    }

    var policy: AccessPolicy { current.withLock { $0 } }

    func update(_ configuration: ServiceConfiguration) {
        let policy = Self.policy(configuration, logger)
        current.withLock { $0 = policy }
    }

    private static func policy(_ configuration: ServiceConfiguration, _ logger: Logger) -> AccessPolicy {
        let policy = AccessPolicy(
            admins: configuration.access.admins,
            operators: configuration.access.operators,
            viewers: configuration.access.viewers
        )
        for group in policy.unknownGroups { logger.log(JournalCatalogue.unknownGroup, ["group": "\(group)"]) }
        return policy
    }
}
