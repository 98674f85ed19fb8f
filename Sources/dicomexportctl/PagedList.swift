import ControlSocketClient
import HealthcareAPI

/// Reads lists to their end.
struct PagedList {
    var client: ControlClient
    /// The largest number of elements that are wanted; nil for all.
    var limit: Int?
    var filter: String?
    var pageSize: Int?

    init(client: ControlClient, list: ListOptions, filter: String? = nil) {
        self.client = client
        self.filter = filter
        limit = list.limit
        pageSize = list.pageSize
    }

    /// All elements of the list that is called `member` in the answers.
    ///
    /// `parameters`: Of the route, besides those of every list.
    func elements(
        _ route: ControlRoute,
        _ member: String,
        _ parameters: [String: String] = [:]
    ) async throws -> [JSONValue] {
        var elements: [JSONValue] = []
        var token: String?
        repeat {
            let largest = min(pageSize ?? PageRequest.largestSize, PageRequest.largestSize)
            let size = min(largest, limit.map { $0 - elements.count } ?? largest)
            guard size > 0 else { break }
            var query = ["pageSize": "\(size)", "pageToken": token, "filter": filter]
            for (name, value) in parameters { query[name] = value }
            let answer = try await client.send(route, query: query, as: JSONValue.self)
            elements += answer[member]?.elements ?? []
            token = answer["nextPageToken"]?.text
        } while token != nil
        return elements
    }
}
