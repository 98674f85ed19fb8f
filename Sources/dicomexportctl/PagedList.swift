import ControlSocket
import HealthcareAPI

/// Reads lists to their end.
struct PagedList {
    var client: ControlClient
    /// The largest number of elements that are wanted; nil for all.
    var limit: Int?
    var filter: String?

    /// All elements of the list that is called `member` in the answers.
    func elements(_ route: ControlRoute, _ member: String) async throws -> [JSONValue] {
        var elements: [JSONValue] = []
        var token: String?
        repeat {
            let size = min(PageRequest.largestSize, limit.map { $0 - elements.count } ?? PageRequest.largestSize)
            guard size > 0 else { break }
            let query = ["pageSize": "\(size)", "pageToken": token, "filter": filter]
            let answer = try await client.send(route, query: query, as: JSONValue.self)
            elements += answer[member]?.elements ?? []
            token = answer["nextPageToken"]?.text
        } while token != nil
        return elements
    }
}
