import Glibc
import SQLite
package import Vocabulary

/// Datasets of older versions, wherever they are.
extension Warehouse {
    /// Looks through the files of all datasets, and opens those in which something is to be done, so that ``upgrades`` has
    /// them. What cannot be read is left to whoever opens it.
    package func findUpgrades() {
        for dataset in datasetsOnDisk where Self.isOlder(file(of: dataset)) {
            // Streams of it say the same with what they do about it.
            do throws(WarehouseError) { _ = try self.dataset(dataset) } catch {}
        }
    }

    /// Takes one short step in a dataset; those who have rows to append go first.
    package func upgrade(_ dataset: DatasetReference, by step: UpgradeStep = UpgradeStep()) throws(WarehouseError) {
        let path = file(of: dataset)
        // Whoever brings it back opens it, and says so.
        guard access(path, F_OK) == 0 else { return upgrades.update(dataset, []) }
        let left = try self.dataset(dataset).withFileAtLeisure { file in try file.upgrade(by: step) }
        upgrades.update(dataset, left)
        // Many a dataset is there only to be read.
        if left.isEmpty { closeIdle() }
    }

    private var datasetsOnDisk: [DatasetReference] {
        let own = Self.names(in: root).filter { projects[$0]?.path == nil }
        let others = projects.compactMap { $1.path == nil ? nil : $0 }
        return (own + others).sorted().flatMap { project in
            Self.names(in: directory(ofProject: project)).filter { $0.hasSuffix(".db") }.sorted().map {
                DatasetReference(project: project, dataset: String($0.dropLast(3)))
            }
        }
    }

    /// Whether a file is one of our datasets with something to do in it. Others are not touched.
    private static func isOlder(_ path: String) -> Bool {
        do {
            let connection = try Connection(path: path, mode: .readOnly)
            let has = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_dicomexportd_tables')"
            guard try connection.integer(has) == 1 else { return false }
            switch try connection.integer("PRAGMA user_version") {
            case 1: return true
            case DatasetSchema.version:
                return try connection.integer("SELECT EXISTS (SELECT 1 FROM _dicomexportd_upgrades)") == 1
            default: return false
            }
        } catch {
            return false
        }
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
