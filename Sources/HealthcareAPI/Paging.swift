/// Which part of a list is wanted.
package struct PageRequest: Hashable, Sendable {
    /// Google's default for a list of stores.
    package static let defaultSize = 100
    /// More is cut to this, as Google does.
    package static let largestSize = 1000

    package var size: Int
    /// Where to go on: what the page before handed out, meaningful only to who made it.
    package var token: String?

    package init(size: Int = PageRequest.defaultSize, token: String? = nil) {
        self.size = size
        self.token = token
    }
}

/// A part of a list.
package struct Page<Element: Sendable>: Sendable {
    package var elements: [Element]
    /// Where the next page begins; nil if this is the last.
    package var nextToken: String?

    package init(_ elements: [Element], nextToken: String? = nil) {
        self.elements = elements
        self.nextToken = nextToken
    }
}

extension Sequence where Element: Sendable {
    /// The page of a list that is at hand as a whole.
    ///
    /// The list is sorted by `key`, which must be unique. The token is the key of the last element of the page before, so
    /// that a list that changes between two pages does not repeat or lose the others.
    package func page(_ request: PageRequest, by key: (Element) -> String) -> Page<Element> {
        let sorted = map { (key: key($0), element: $0) }.sorted { $0.key < $1.key }
        let rest = request.token.map { token in sorted.drop { $0.key <= token } } ?? sorted[...]
        let page = rest.prefix(request.size)
        return Page(page.map(\.element), nextToken: page.count < rest.count ? page.last?.key : nil)
    }
}

/// The answer of `{dataset}/operations`.
package struct ListOperationsResponse: Codable, Hashable, Sendable {
    package var operations: [HealthcareOperation]?
    package var nextPageToken: String?

    package init(_ page: Page<HealthcareOperation>) {
        operations = page.elements.isEmpty ? nil : page.elements
        nextPageToken = page.nextToken
    }
}

/// The answer of `{dataset}/dicomStores`.
package struct ListDicomStoresResponse: Codable, Hashable, Sendable {
    package var dicomStores: [DicomStore]?
    package var nextPageToken: String?

    package init(_ page: Page<DicomStore>) {
        dicomStores = page.elements.isEmpty ? nil : page.elements
        nextPageToken = page.nextToken
    }
}

/// The answer of `{store}/failures`.
package struct ListFailuresResponse: Codable, Hashable, Sendable {
    package var failures: [FailureRecord]?
    package var nextPageToken: String?

    package init(_ page: Page<FailureRecord>) {
        failures = page.elements.isEmpty ? nil : page.elements
        nextPageToken = page.nextToken
    }
}
