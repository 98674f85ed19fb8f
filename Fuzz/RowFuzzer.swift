// libFuzzer's entry to the whole way from bytes to rows. Built and run by packaging/fuzz; this file is in no package target.

import Glibc
import RowTestSupport

nonisolated(unsafe) private var path = RowPath()

/// One input: it is refused, or becomes a row of each schema that keeps its promises.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRow(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do {
        try path.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        print("a row breaks a promise: \(error)")
        fflush(nil)
        // libFuzzer keeps the input of a process that ends so.
        abort()
    }
    return 0
}
