/// Where a project's datasets lie, if not in the warehouse's own directory, and who may read them.
package struct ProjectLocation: Hashable, Sendable {
    /// The directory of the project; nil for `<warehouse>/<project>`.
    package var path: String?
    /// The group that may read; nil for whatever group the service has.
    package var group: String?

    package init(path: String? = nil, group: String? = nil) {
        self.path = path
        self.group = group
    }
}
