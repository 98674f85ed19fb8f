internal import ServiceRuntime

/// Whether what a scan found missing is too much to be believed before somebody has looked.
///
/// Only what a scan infers is judged here: a deletion that the kernel told of is a fact, and is never held.
struct HoldRule {
    /// In a store of so few instances a large share is an everyday matter.
    static let smallStore = 100

    /// `absent`: Instances that no live path holds any more. `live`: Instances that were live before the scan, those among them.
    static func mustHold(absent: Int, live: Int, _ settings: HoldDeletions) -> Bool {
        guard case .share(let percent) = settings, live > smallStore else { return false }
        // In whole numbers of twice the width: neither rounding nor an overflow decides about rows.
        return absent.multipliedFullWidth(by: 100) > live.multipliedFullWidth(by: percent)
    }
}
