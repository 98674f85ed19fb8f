// Compiled into each fuzzer, by packaging/fuzz: this file is in no package target.

import DICOMTestSupport
import Glibc

/// Called once by libFuzzer before the first input. If DICOMEXPORT_FUZZ_SEEDS names a directory, the seeds and the dictionary
/// are written into it, and the process ends.
@_cdecl("LLVMFuzzerInitialize")
public func writeSeeds(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    guard let directory = getenv("DICOMEXPORT_FUZZ_SEEDS").map({ String(cString: $0) }) else { return 0 }
    var isWritten = true
    for (name, bytes) in Specimens.files { isWritten = write(bytes, to: "\(directory)/\(name).dcm") && isWritten }
    let words = Mutator.words.map { word in
        "\"" + word.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"\n"
    }
    isWritten = write(Array(words.joined().utf8), to: "\(directory)/words.dict") && isWritten
    // Not exit: what is never freed, on purpose, would count as leaked.
    _exit(isWritten ? 0 : 1)
}

private func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen(path, "wb") else { return false }
    let count = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && count == bytes.count
}
