internal import ServiceRuntime
internal import StoreWatch

/// Looks for files that were not found.
struct AbsenceLook {
    let mounts: MountBook

    init(_ mounts: MountBook) { self.mounts = mounts }

    /// What is at a path now.
    func glimpse(_ path: StorePath, in session: borrowing RootSession) throws(ServiceFault) -> Glimpse {
        let trace: Trace
        do throws(Errno) { trace = try session.trace(path) } catch { return .unreachable(error) }
        switch trace {
        case .there: return .there
        case .absent(let directory, let status):
            guard let mount = try mounts.mount(of: status, at: directory, session) else {
                // Mounts come and go: a scan follows.
                return .unreachable(.again)
            }
            return .absent(on: .mount(mount))
        }
    }
}
