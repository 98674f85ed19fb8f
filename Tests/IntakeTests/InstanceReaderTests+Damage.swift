import DICOM
import DICOMTestSupport
import Dispatch
import Glibc
import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Files that end too early, break the rules, or are being written to.
extension InstanceReaderTests {
    // MARK: Files that end too early

    /// A file whose last element is cut.
    private var short: [UInt8] { Array(IntakeFixture.instance("1", String(repeating: "x", count: 90)).dropLast(40)) }

    @Test func `a fresh file that ends within its header may still be growing`() throws {
        guard case .incomplete(let problem) = try outcome(of: short, timeout: .seconds(3600)) else {
            Issue.record("it is not awaited")
            return
        }
        #expect(problem.code == 15)
        #expect(problem.reason == "TRUNCATED")
        #expect(problem.message == "the file ends within its header")
        #expect(problem.tag == 0x0020_4000)
    }

    @Test func `an old file that ends within its header is read as far as it goes`() throws {
        guard case .instance(let uids, _, let damage?) = try outcome(of: short) else {
            Issue.record("no damaged instance")
            return
        }
        #expect(uids.instance == "1")
        #expect(damage.code == 0)
        #expect(damage.reason == "TRUNCATED")
        #expect(damage.tag == 0x0020_4000)
        #expect(damage.message.contains(" bytes are passed over"))
    }

    @Test func `an old file that ends before its UIDs is a failure`() throws {
        let bytes = Array(IntakeFixture.instance("1").prefix(DICOMBuilder.preamble.count + 20))
        guard case .failed(let problem) = try outcome(of: bytes) else {
            Issue.record("it did not fail")
            return
        }
        #expect([3, 15].contains(problem.code))
    }

    /// Pixel data of which a part is there.
    private var shortPixels: [UInt8] {
        Array(
            DICOMBuilder().instance().element(0x7FE0_0010, .OW, [UInt8](repeating: 7, count: 400)).file().dropLast(100)
        )
    }

    @Test func `a fresh file whose pixel data end too early may still be growing`() throws {
        guard case .incomplete(let problem) = try outcome(of: shortPixels, timeout: .seconds(3600)) else {
            Issue.record("it is not awaited")
            return
        }
        #expect(problem.code == 15)
        #expect(problem.message == "the pixel data end too early")
        #expect(problem.tag == 0x7FE0_0010)
        #expect(problem.offset == Int64(shortPixels.count - 300 - 12))
    }

    @Test func `an old file whose pixel data end too early is an instance`() throws {
        guard case .instance(let uids, _, _) = try outcome(of: shortPixels) else {
            Issue.record("no instance")
            return
        }
        #expect(uids.instance == "1.2.3.4.5")
    }

    @Test func `a whole file is not awaited, however fresh it is`() throws {
        guard case .instance(_, _, nil) = try outcome(of: IntakeFixture.instance("1"), timeout: .seconds(3600)) else {
            Issue.record("no instance")
            return
        }
    }

    @Test func `a time in the future keeps a short file fresh, and no time overflows`() throws {
        try write(short)
        var times = [timespec(tv_sec: 4_000_000_000, tv_nsec: 0), timespec(tv_sec: 4_000_000_000, tv_nsec: 0)]
        try Files.check(utimensat(AT_FDCWD, home / "a", &times, 0), "utimensat")
        guard case .seen(let seen, _) = try look("a"), case .incomplete = seen.outcome else {
            Issue.record("it is not awaited")
            return
        }
        guard case .seen = try look("a", timeout: .seconds(Int64.max)) else {
            Issue.record("it was not seen")
            return
        }
    }

    // MARK: Damage

    @Test func `what breaks the rules within an instance is passed over and told of`() throws {
        let file = DICOMBuilder().instance().raw([0x20, 0x00, 0x10, 0x40, 0x3F, 0x3F, 4, 0, 1, 2, 3, 4])
            .text(0x0028_0004, .CS, "MONOCHROME2").numbers(0x0028_0010, .US, [UInt16(8)])
            .numbers(0x0028_0011, .US, [UInt16(8)])
        guard case .instance(let uids, _, let damage?) = try outcome(of: file.file()) else {
            Issue.record("no damaged instance")
            return
        }
        #expect(uids.instance == "1.2.3.4.5")
        #expect(damage.reason == "MALFORMED")
        #expect(damage.offset != nil)
    }

    @Test func `a file that changes while it is read is not settled`() throws {
        // Long enough that somebody who writes all the time writes while it is read.
        let value = [UInt8](repeating: 0x41, count: 8 << 20)
        try write(DICOMBuilder().instance().element(0x0020_4000, .UT, value).file())
        let isDone = Mutex(false)
        let path = home / "a"
        let ended = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
            var byte: UInt8 = 0
            while !isDone.withLock({ $0 }) { _ = Glibc.write(file, &byte, 1) }
            close(file)
            ended.signal()
        }
        defer {
            isDone.withLock { $0 = true }
            ended.wait()
        }
        try eventually("a look is disturbed") {
            if case .unsettled = try look("a") { true } else { false }
        }
    }
}
