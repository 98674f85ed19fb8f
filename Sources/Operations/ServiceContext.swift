package import ServiceRuntime
package import StoreIndex
package import Warehouse

/// What every thread of the service works with.
package struct ServiceContext: Sendable {
    package let settings: ServiceSettings
    package let index: StateDatabase
    package let warehouse: Warehouse
    /// Takes what an operator should hear of; to be called on any thread.
    package let observe: @Sendable (ServiceEvent) -> Void

    package init(
        settings: ServiceSettings,
        index: StateDatabase,
        warehouse: Warehouse,
        observe: @escaping @Sendable (ServiceEvent) -> Void
    ) {
        self.settings = settings
        self.index = index
        self.warehouse = warehouse
        self.observe = observe
    }
}
