internal import Intake
internal import Operations
internal import Pipeline
internal import StoreWatch
internal import Tables
internal import Warehouse

/// What `systemctl status` shows in one line.
struct StatusLine: Equatable, CustomStringConvertible {
    private var stores = 0
    private var directories = 0
    private var success: Int64 = 0
    private var failure: Int64 = 0
    private var entries: Int64 = 0
    private var isScanning = false
    private var problem: String?
    private var problems = 0

    init(_ service: ServicePipeline) {
        for intake in service.stores.map(\.intake) {
            let snapshot = intake.snapshot
            stores += 1
            directories += snapshot.watch?.watches ?? 0
            entries += snapshot.entries
            isScanning = isScanning || snapshot.watch?.scanning != nil
            problems += snapshot.problems.count
            problem = problem ?? snapshot.problems.first
        }
        let upgradeProblems = service.warehouse.upgrades.problems
        problems += upgradeProblems.count
        problem = problem ?? upgradeProblems.first
        for stream in service.streams {
            let snapshot = stream.snapshot
            success += snapshot.success
            failure += snapshot.failure
            guard let reason = snapshot.reason else { continue }
            problems += 1
            problem = problem ?? reason
        }
    }

    var description: String {
        let figures = """
            \(stores) stores, \(directories) directories watched, \(success) rows appended, \(failure) failures\
            \(isScanning ? ", scanning" : "")
            """
        guard let problem else { return figures }
        return "degraded: \(problem)\(problems > 1 ? " (and \(problems - 1) more)" : ""); \(figures)"
    }
}
