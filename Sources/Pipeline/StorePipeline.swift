package import Intake
package import Tables

/// A store's way through the service: its intake, and the streams that it feeds.
package struct StorePipeline: Sendable {
    package let intake: StoreIntake
    package let streams: [TableStream]
}
