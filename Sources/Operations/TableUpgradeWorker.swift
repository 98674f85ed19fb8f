internal import Warehouse

/// The thread that brings tables of older versions forward, in steps so short that streams hardly notice. Where it was, it
/// goes on after a restart.
struct TableUpgradeWorker {
    let service: Pipeline
    private static let shortestPause = 0.2
    private static let longestPause = 10.0

    /// Works until the service stops.
    func run() {
        ExportWorker.giveWay()
        let upgrades = service.warehouse.upgrades
        service.warehouse.findUpgrades()
        var pause = Self.shortestPause
        while let dataset = upgrades.next() {
            do throws(ServiceFault) {
                try step(dataset)
                pause = Self.shortestPause
            } catch {
                upgrades.delay(dataset, "\(error)")
                upgrades.pause(pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    private func step(_ dataset: DatasetReference) throws(ServiceFault) {
        let directory = service.warehouse.directory(ofProject: dataset.project)
        let space = FreeSpace(
            directories: [directory, service.settings.warehouse],
            minimum: service.settings.minimumFreeSpace
        )
        try space.check()
        do throws(WarehouseError) { try service.warehouse.upgrade(dataset) } catch { throw .warehouse(error) }
    }
}
