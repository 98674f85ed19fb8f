internal import ArgumentParser

/// What the service's exit status says; `docs/operating.md` has the list.
enum ExitStatus: Int32 {
    /// It could not start, or not go on.
    case failure = 1
    /// EX_CONFIG of sysexits.h: the configuration is missing or wrong.
    case configuration = 78

    var code: ExitCode { ExitCode(rawValue) }
}

/// Why the service did not start, for whoever started it.
struct StartFailure: Error, CustomStringConvertible {
    var description: String
}
