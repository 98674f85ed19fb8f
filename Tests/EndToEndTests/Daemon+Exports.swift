import TestSupport

extension Daemon {
    /// Asks for an export; the answer's status and JSON.
    func postExport(
        table: String = "bq://local.dicom.exported",
        _ fields: String = "",
        filter: String? = nil
    ) throws -> (status: Int, json: JSON) {
        let more = fields.isEmpty ? "" : ", \(fields)"
        let filter = filter.map { ", \"filterConfig\": {\"resourcePathsGcsUri\": \"\($0)\"}" } ?? ""
        let answer = try client.send(
            "POST",
            "\(storeName):export",
            body: "{\"bigqueryDestination\": {\"tableUri\": \"\(table)\"\(more)}\(filter)}"
        )
        return (answer.status, try answer.json)
    }

    /// Starts an export that is accepted; its operation's name.
    func startExport(
        table: String = "bq://local.dicom.exported",
        _ fields: String = "",
        filter: String? = nil
    ) throws -> String {
        let answer = try postExport(table: table, fields, filter: filter)
        guard answer.status == 200, let name = answer.json["name"].string else {
            throw TestFailure("export: \(answer)\n\(tail())")
        }
        return name
    }

    /// Waits until an operation is done.
    func waitForEnd(of operation: String, within limit: Duration = .seconds(60)) throws -> JSON {
        try eventually("\(operation) is done\n\(tail())", within: limit) {
            let found = try get("/v1/\(operation)")
            return found["done"].isTrue ? found : nil
        }
    }

    /// An export from the request to its end.
    func export(
        table: String = "bq://local.dicom.exported",
        _ fields: String = "",
        filter: String? = nil
    ) throws -> JSON {
        try waitForEnd(of: startExport(table: table, fields, filter: filter))
    }

    /// Makes instances and waits until the index has them.
    func fill(_ numbers: Range<Int>, studies: Int = 1) throws {
        for number in numbers {
            var file = InstanceFile("1.2.3.\(number)", mark: "\(number)")
            file.study = "1.2.\(number % studies)"
            file.series = "\(file.study).\(number % (2 * studies))"
            try Files.writeAndRename(file.bytes, to: "\(store)/\(number)")
        }
        let expected = Files.names(in: store).count
        try eventually("all are known", within: .seconds(120)) { try storeStatus["instances"].integer >= expected }
    }
}
