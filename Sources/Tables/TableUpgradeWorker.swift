package import Operations
internal import ServiceRuntime
internal import Vocabulary
internal import Warehouse

/// The thread that brings tables of older versions forward, in steps so short that streams hardly notice. Where it was, it
/// goes on after a restart.
package struct TableUpgradeWorker {
    private let context: ServiceContext

    package init(_ context: ServiceContext) { self.context = context }

    /// Works until the service stops.
    package func run() {
        WorkerThread.giveWay()
        let upgrades = context.warehouse.upgrades
        context.warehouse.findUpgrades()
        var backoff = Backoff()
        while let dataset = upgrades.next() {
            do throws(ServiceFault) {
                try step(dataset)
                backoff.reset()
            } catch {
                upgrades.delay(dataset, "\(error)")
                upgrades.pause(backoff.next())
            }
        }
    }

    private func step(_ dataset: DatasetReference) throws(ServiceFault) {
        let directory = context.warehouse.directory(ofProject: dataset.project)
        let space = FreeSpace(
            directories: [directory, context.settings.warehouse],
            minimum: context.settings.minimumFreeSpace
        )
        try space.check()
        do throws(WarehouseError) { try context.warehouse.upgrade(dataset) } catch { throw .warehouse(error) }
    }
}
