import Glibc
import Testing

@testable import StoreWatch

@Suite struct ChangeBatchTests {
    let file = FileStatus(device: 1, inode: 2, size: 3, modified: 4, changed: 5)

    private func changes(
        _ batch: ChangeBatch,
        present: Set<StorePath>,
        watched: (StorePath) -> Bool = { _ in true }
    ) -> [Change] {
        batch.changes(
            glance: { path throws(Errno) in
                guard present.contains(path) else { throw .absent }
                return file
            },
            isWatched: watched
        )
    }

    @Test func `a loss is no fact if its path leads elsewhere than to the directory that was watched`() {
        var batch = ChangeBatch()
        batch.gone("here/a")
        batch.gone("covered/b")
        batch.gone("covered/there")
        #expect(
            changes(batch, present: ["covered/there"]) { $0 == "here" } == [.gone("here/a"), .changed("covered/there")]
        )
    }

    @Test func `attributes that were set say nothing beside new content`() {
        var batch = ChangeBatch()
        batch.changed("a", mayReplace: false)
        batch.touched("a")
        batch.touched("b")
        batch.touched("c")
        batch.changed("c", mayReplace: false)
        batch.touched("gone")
        #expect(changes(batch, present: ["a", "b", "c"]) == [.changed("a"), .touched("b", file), .changed("c")])
    }

    @Test func `a path is there once, at the place of the last event`() {
        var batch = ChangeBatch()
        batch.changed("a", mayReplace: false)
        batch.changed("b", mayReplace: false)
        batch.directoryGone("d")
        batch.changed("a", mayReplace: false)
        batch.directoryGone("d")
        #expect(batch.count == 3)
        #expect(changes(batch, present: ["a", "b"]) == [.changed("b"), .changed("a"), .directoryGone("d")])
    }

    @Test func `a loss that turns out to be none is a change, and the other way round`() {
        var batch = ChangeBatch()
        batch.gone("there")
        batch.changed("moved", mayReplace: true)
        batch.changed("phantom", mayReplace: false)
        #expect(changes(batch, present: ["there"]) == [.changed("there"), .gone("moved")])
    }

    @Test func `a loss is not forgotten because a file of that name came and went after it`() {
        var batch = ChangeBatch()
        batch.gone("a")
        batch.changed("a", mayReplace: false)
        batch.changed("a", mayReplace: false)
        #expect(changes(batch, present: []) == [.gone("a")])
    }

    @Test func `an error that does not mean absence is no loss`() {
        var batch = ChangeBatch()
        batch.gone("a")
        #expect(
            batch.changes(glance: { _ throws(Errno) in throw .accessDenied }, isWatched: { _ in true }) == [
                .changed("a")
            ]
        )
    }

    @Test func `a file that an event named before a scan came by counts as seen by it`() {
        let root = RootIdentity(device: 1, inode: 1, fileSystem: 1, type: 1)
        var batch = ChangeBatch()
        batch.changed("a", mayReplace: false)
        batch.append(.scanBegan(root, .start))
        batch.found("a", file)
        batch.found("b", file)
        #expect(changes(batch, present: ["a"]) == [.scanBegan(root, .start), .changed("a"), .found("b", file)])
    }

    @Test func `what was about paths can be dropped`() {
        var batch = ChangeBatch()
        batch.changed("a", mayReplace: false)
        batch.append(.rootLost("why"))
        batch.gone("b")
        batch.removePaths()
        #expect(batch.count == 1)
        #expect(changes(batch, present: ["a"]) == [.rootLost("why")])
    }
}
