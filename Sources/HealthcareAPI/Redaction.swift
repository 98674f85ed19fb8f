/// Paths can hold patients' names: who may only read sees records without them.
extension FailureRecord {
    package func redacted(for role: Role) -> FailureRecord {
        guard !role.seesPaths else { return self }
        var record = self
        record.path = nil
        return record
    }
}

extension InstanceRecord {
    package func redacted(for role: Role) -> InstanceRecord {
        guard !role.seesPaths else { return self }
        var record = self
        record.path = nil
        for index in record.versions.indices { record.versions[index].path = nil }
        return record
    }
}

extension Role {
    package var seesPaths: Bool { self >= .operatorRole }
}
