import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

@Suite struct DirectoryTests {
    @Test func `directories and files are made on demand, for the group alone to read`() throws {
        let fixture = try Fixture()
        #expect(Files.names(in: fixture.directory.path).isEmpty)
        let previous = umask(0o077)
        defer { umask(previous) }
        _ = try fixture.start()
        #expect(fixture.path.hasSuffix("/warehouse/hospital/radiology.db"))
        #expect(try Files.status(fixture.path).st_mode & 0o7777 == 0o640)
        #expect(try Files.status(fixture.path + "-wal").st_mode & 0o7777 == 0o640)
        #expect(try Files.status(fixture.path + "-shm").st_mode & 0o7777 == 0o640)
        #expect(
            try Files.status(fixture.directory / "warehouse/hospital").st_mode & 0o7777 == 0o2750
        )
    }

    @Test func `a project can live elsewhere, and belong to a group`() throws {
        let fixture = try Fixture()
        let elsewhere = fixture.directory / "srv/research"
        let isRoot = geteuid() == 0
        let group = isRoot ? "daemon" : nil
        let warehouse = Warehouse(
            root: fixture.directory / "warehouse",
            projects: ["hospital": ProjectLocation(path: elsewhere, group: group)]
        )
        _ = try warehouse.openStream(fixture.request)
        #expect(warehouse.file(of: fixture.request.table) == "\(elsewhere)/radiology.db")
        let directory = try Files.status(elsewhere)
        #expect(directory.st_mode & 0o7777 == 0o2750)
        guard isRoot, let entry = getgrnam("daemon") else { return }
        for path in [
            elsewhere, "\(elsewhere)/radiology.db", "\(elsewhere)/radiology.db-wal", "\(elsewhere)/radiology.db-shm",
        ] {
            #expect(try Files.status(path).st_gid == entry.pointee.gr_gid, "\(path)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root, to give files away"))
    func `a group that is configured later gets what is there`() throws {
        let fixture = try Fixture()
        _ = try fixture.start()
        let warehouse = Warehouse(
            root: fixture.directory / "warehouse",
            projects: ["hospital": ProjectLocation(group: "daemon")]
        )
        _ = try warehouse.openStream(fixture.request)
        let group = try #require(getgrnam("daemon")).pointee.gr_gid
        for path in [fixture.directory / "warehouse/hospital", fixture.path] {
            #expect(try Files.status(path).st_gid == group)
        }
        #expect(
            try Files.status(fixture.directory / "warehouse/hospital").st_mode & 0o7777 == 0o2750
        )
    }

    @Test func `a group that does not exist, and a directory that is none, are named`() throws {
        let fixture = try Fixture()
        let root = fixture.directory / "warehouse"
        let unknown = Warehouse(root: root, projects: ["hospital": ProjectLocation(group: "no-such-group")])
        let error = failure { _ = try unknown.openStream(fixture.request) }
        #expect(error?.code == .failedPrecondition && error?.message.contains("no-such-group") == true)
        let file = try #require(fopen(fixture.directory / "file", "w"))
        fclose(file)
        for path in ["file", "file/below"] {
            let wrong = Warehouse(
                root: root,
                projects: ["hospital": ProjectLocation(path: fixture.directory / path)]
            )
            #expect(failure { _ = try wrong.openStream(fixture.request) } != nil)
        }
    }

    @Test func `each dataset has its size, wherever its project lives`() throws {
        let fixture = try Fixture()
        _ = try fixture.start()
        try Files.makeDirectory(fixture.directory / "away")
        try Files.write([1, 2, 3], to: fixture.directory / "away/d.db")
        try Files.write([1], to: fixture.directory / "away/other")
        let warehouse = Warehouse(
            root: fixture.directory / "warehouse",
            projects: [
                "elsewhere": ProjectLocation(path: fixture.directory / "away"), "none": ProjectLocation(path: "/none"),
            ]
        )
        let sizes = warehouse.sizes()
        #expect(sizes.map(\.dataset.project) == ["elsewhere", "hospital"])
        #expect(sizes.first?.bytes == 3 && sizes.first?.walBytes == 0)
        #expect(sizes.last.map { $0.bytes + $0.walBytes > 4096 } == true)
    }
}
