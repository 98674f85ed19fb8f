internal import HealthcareAPI
internal import Vocabulary

extension Timestamp {
    init(_ time: UnixMicroseconds) { self.init(microseconds: time.rawValue) }
}
