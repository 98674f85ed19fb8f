import ArgumentParser

struct OperationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operations",
        abstract: "Long-running operations: exports, rescans, streams.",
        subcommands: [
            OperationsListCommand.self, OperationsDescribeCommand.self, OperationsWaitCommand.self,
            OperationsCancelCommand.self,
        ]
    )
}
