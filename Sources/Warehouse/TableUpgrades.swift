import Dispatch
import Synchronization
package import Vocabulary

/// The datasets with tables that an older version has written, and how far each is.
///
/// Whoever opens a dataset says so here; one thread takes them, one after the other; the status reads.
package final class TableUpgrades: Sendable {
    private struct Progress {
        var tables: [TableUpgrade]
        var problem: String?
    }

    private struct State {
        /// In the order in which they were found, the one at hand included.
        var order: [DatasetReference] = []
        var progress: [DatasetReference: Progress] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())
    private let news = DispatchSemaphore(value: 0)

    // MARK: For those who open datasets

    /// Takes note of what is to be done in a dataset, if anything is.
    func add(_ dataset: DatasetReference, _ tables: [TableUpgrade]) {
        guard !tables.isEmpty else { return }
        state.withLock { state in
            if state.progress[dataset] == nil { state.order.append(dataset) }
            state.progress[dataset, default: Progress(tables: [])].tables = tables
        }
        news.signal()
    }

    // MARK: For the thread that does it

    /// Waits for a dataset with something to do; nil once it is to end.
    package func next() -> DatasetReference? {
        while true {
            let (first, isStopping) = state.withLock { ($0.order.first, $0.isStopping) }
            if isStopping { return nil }
            if let first { return first }
            news.wait()
        }
    }

    package var isStopping: Bool { state.withLock { $0.isStopping } }

    package func stop() {
        state.withLock { $0.isStopping = true }
        news.signal()
    }

    /// Says why a dataset does not get on, and lets others go first, if there are any.
    package func delay(_ dataset: DatasetReference, _ problem: String) {
        state.withLock { state in
            state.progress[dataset]?.problem = problem
            state.order.removeAll { $0 == dataset }
            state.order.append(dataset)
        }
    }

    /// Waits for a time, or until there is something new.
    package func pause(_ seconds: Double) { _ = news.wait(timeout: .now() + seconds) }

    /// Takes note of what is left after a step.
    func update(_ dataset: DatasetReference, _ tables: [TableUpgrade]) {
        state.withLock { state in
            guard tables.isEmpty else {
                state.progress[dataset] = Progress(tables: tables)
                return
            }
            state.progress[dataset] = nil
            state.order.removeAll { $0 == dataset }
        }
    }

    /// Whether something is left to do in a dataset.
    func isPending(_ dataset: DatasetReference) -> Bool { state.withLock { $0.progress[dataset] != nil } }

    // MARK: For the status

    /// How far each table is, in words, by URI; what exports have staged is left out.
    package var notes: [(uri: String, note: String)] {
        state.withLock { state in
            state.order.flatMap { dataset in
                (state.progress[dataset]?.tables ?? []).filter { !$0.isOfStage }.map { upgrade in
                    (dataset.uri(of: upgrade.table), "table upgrade \(upgrade.percent)%")
                }
            }
        }
    }

    /// What keeps datasets from getting on.
    package var problems: [String] {
        state.withLock { state in
            state.order.compactMap { dataset in
                state.progress[dataset]?.problem.map {
                    "the tables of \(dataset.project).\(dataset.dataset) cannot be brought forward: \($0)"
                }
            }
        }
    }
}
