/// Collects what is wrong while a configuration is read, so that reading goes on and reports everything at once.
final class Problems {
    private(set) var errors: [ConfigurationError] = []

    /// Notes that the key has a value that cannot stand, with the reason as the end of a sentence.
    func report(_ key: KeyName, _ reason: String) {
        errors.append(ConfigurationError(key: key.description, reason: reason))
    }
}
