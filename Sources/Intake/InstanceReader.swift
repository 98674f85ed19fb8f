internal import BigQueryTable
package import DICOM
package import ServiceRuntime
package import StoreIndex
package import StoreWatch
internal import Vocabulary

/// Looks at files: opens, reads the header, checks that nothing changed meanwhile. One per thread; keeps its memory.
package struct InstanceReader: ~Copyable {
    package enum Look {
        /// Nothing, or nothing regular, is there.
        case absent
        /// It changed while it was read.
        case unsettled
        /// It is there, but cannot be read.
        case unreadable(Problem)
        /// The data set is in ``InstanceReader/dataSet`` if the outcome is an instance.
        case seen(Observation, FileStatus)
    }

    package private(set) var dataSet: DataSet
    private let digestKey: (UInt64, UInt64)
    private let incompleteTimeout: Int64

    package init(limits: ReadLimits, digestKey: (UInt64, UInt64), incompleteTimeout: Duration) {
        dataSet = DataSet(limits: limits)
        self.digestKey = digestKey
        self.incompleteTimeout = incompleteTimeout.nanoseconds
    }

    /// One fresh look at a path. A bad file is an outcome; what is thrown is a fault of store or process.
    package mutating func look(at path: StorePath, in session: borrowing RootSession) throws(ServiceFault) -> Look {
        let examined = WallClock.nanoseconds
        let file: Descriptor
        do throws(StoreError) {
            file = try session.open(path)
        } catch {
            return try unopened(error)
        }
        do throws(Errno) {
            let before = try FileStatus(of: file.rawValue)
            let outcome = read(file, before, examined)
            guard try FileStatus(of: file.rawValue) == before else { return .unsettled }
            if case .unreadable(let problem) = outcome { return .unreadable(problem) }
            return .seen(
                Observation(path: path.bytes, stamp: FileStamp(before), examined: examined, outcome: outcome),
                before
            )
        } catch {
            throw .process(error)
        }
    }

    private mutating func read(
        _ file: borrowing Descriptor,
        _ status: FileStatus,
        _ now: UnixNanoseconds
    ) -> Observation.Outcome {
        do throws(ParseError) {
            try dataSet.read(from: file.rawValue, size: Int(status.size), isComplete: !isFresh(status, now))
        } catch {
            let problem = Problem(error)
            return switch error.reason {
            case .notDICOM: .skipped(ForeignFormat(of: file.rawValue).map { Problem($0) } ?? problem)
            case .notAnInstance: .skipped(problem)
            case .unreadable: .unreadable(problem)
            case .truncated where isFresh(status, now): .incomplete(problem)
            default: .failed(problem)
            }
        }
        if let offset = dataSet.pixelDataIsShort, isFresh(status, now) {
            return .incomplete(
                Problem(
                    code: .dataLoss,
                    reason: "TRUNCATED",
                    message: "the pixel data end too early",
                    offset: offset,
                    tag: ElementTag.pixelData.rawValue
                )
            )
        }
        guard let uids = InstanceIdentity.of(dataSet) else {
            return .failed(
                Problem(
                    code: .invalidArgument,
                    reason: "NO_UID",
                    message: "SOP, series or study instance UID is missing or is none"
                )
            )
        }
        let digest = dataSet.digest(key: digestKey)
        return .instance(
            uids,
            HeaderDigest(high: digest.0, low: digest.1),
            damage: dataSet.damages.first.map { Problem($0, of: dataSet.damages.count) }
        )
    }

    /// Whether a file that ends too early may still be growing.
    private func isFresh(_ status: FileStatus, _ now: UnixNanoseconds) -> Bool {
        UnixNanoseconds(rawValue: max(status.modified, status.changed)) &+ incompleteTimeout > now
    }

    private func unopened(_ error: StoreError) throws(ServiceFault) -> Look {
        switch error {
        case .notRegular: return .absent
        case .rootReplaced, .rootUnavailable: throw .store(error)
        case .file(let errno):
            guard !errno.meansAbsent else { return .absent }
            guard !errno.isExhaustion else { throw .process(errno) }
            let isDenied = errno == .accessDenied || errno == .notPermitted
            return .unreadable(
                Problem(
                    code: isDenied ? .permissionDenied : .notFound,
                    reason: "UNREADABLE",
                    message: "the file cannot be opened: \(errno)"
                )
            )
        }
    }
}

extension FileStamp {
    package init(_ status: FileStatus) {
        self.init(
            device: status.device,
            inode: status.inode,
            size: status.size,
            modified: UnixNanoseconds(rawValue: status.modified),
            changed: UnixNanoseconds(rawValue: status.changed)
        )
    }
}

extension Errno {
    /// Too many descriptors, no memory: not the file's fault.
    fileprivate var isExhaustion: Bool { self == .tooManyFiles || self == .tooManyFilesInSystem || self == .noMemory }
    fileprivate static let tooManyFilesInSystem = Errno(rawValue: 23)
    fileprivate static let notPermitted = Errno(rawValue: 1)
    fileprivate static let noMemory = Errno(rawValue: 12)
}

extension Problem {
    fileprivate init(code: RPCCode, reason: String, message: String, offset: Int64? = nil, tag: UInt32? = nil) {
        self.init(code: code.number, reason: reason, message: message, offset: offset, tag: tag)
    }

    fileprivate init(_ format: ForeignFormat) {
        self.init(code: .ok, reason: "NOT_DICOM", message: "no DICOM file: \(format.rawValue)")
    }

    /// What a row is damaged by: the first of `count` places.
    fileprivate init(_ damage: Damage, of count: Int) {
        self.init(
            code: .ok,
            reason: damage.reason.rawValue,
            message: "\(damage.text); \(damage.count) bytes are passed over"
                + (count > 1 ? "; the first of \(count) places" : ""),
            offset: damage.offset,
            tag: damage.tag.rawValue
        )
    }

    init(_ error: ParseError) {
        let (code, reason, message): (RPCCode, String, String) =
            switch error.reason {
            case .notDICOM: (.ok, "NOT_DICOM", "neither a DICOM file nor a bare data set")
            case .notAnInstance: (.ok, "NOT_AN_INSTANCE", "a DICOMDIR")
            case .truncated: (.dataLoss, "TRUNCATED", "the file ends within its header")
            case .headerTooLarge:
                (.resourceExhausted, "HEADER_TOO_LARGE", "the header is longer than limits.headerBytes")
            case .malformed(let text): (.invalidArgument, "MALFORMED", text)
            case .unreadable(let number): (.notFound, "UNREADABLE", "reading failed: \(Errno(rawValue: number))")
            }
        self.init(code: code, reason: reason, message: message, offset: error.offset, tag: error.tag?.rawValue)
    }
}
