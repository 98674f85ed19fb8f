/// The UNIX groups whose members may use the control socket. Root and the service's own user are always admins.
package struct AccessConfiguration: Equatable, Sendable {
    /// May reload, rescan, and all that operators may.
    package var admins: [String] = []
    /// May export and cancel, and all that viewers may.
    package var operators: [String] = []
    /// May read.
    package var viewers: [String] = []
}

extension AccessConfiguration {
    init(_ reader: inout TableReader) {
        admins = Self.groups("admins", in: &reader)
        operators = Self.groups("operators", in: &reader)
        viewers = Self.groups("viewers", in: &reader)
        reader.reportUnknownKeys()
    }

    private static func groups(_ key: String, in reader: inout TableReader) -> [String] {
        let groups = reader.strings(key) ?? []
        for (name, text) in groups {
            if let flaw = GroupName.flaw(in: text) { reader.problems.report(name, flaw) }
        }
        return groups.map(\.text)
    }
}
