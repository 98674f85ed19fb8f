internal import HealthcareAPI
internal import Intake
internal import Operations
internal import StoreIndex
internal import Vocabulary

extension StoreAbsence {
    /// What a store's thread knows of its absences, in the nouns of the wire.
    static func all(_ snapshot: IntakeSnapshot) -> [StoreAbsence] {
        snapshot.absences.map { absence in
            StoreAbsence(
                kind: Kind(absence.kind),
                reason: absence.reason,
                fileSystem: snapshot.fileSystems[absence.mount],
                files: absence.files,
                since: Timestamp(absence.since)
            )
        }
    }
}

extension StoreAbsence.Kind {
    init(_ kind: Absence.Kind) {
        self =
            switch kind {
            case .missing, .held: .heldDeletion
            case .unreadableFile: .unreadableFile
            case .unreadDirectory: .unreadDirectory
            case .mountAway: .fileSystemAway
            case .storeAway: .storeAway
            }
    }
}

extension FailureRecord {
    init(_ absence: Absence) {
        let code: RPCCode =
            switch absence.kind {
            case .missing, .held: .notFound
            case .unreadableFile, .unreadDirectory, .mountAway, .storeAway: .unavailable
            }
        self.init(
            id: String(absence.change),
            code: StoreAbsence.Kind(absence.kind).rawValue,
            status: code.name,
            reason: absence.files == 1 ? absence.reason : "\(absence.reason); \(absence.files) known files",
            path: String(decoding: absence.path, as: UTF8.self),
            firstTime: Timestamp(absence.since),
            lastTime: Timestamp(absence.since)
        )
    }
}
