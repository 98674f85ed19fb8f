// libFuzzer's entry to the reader of headers and to the character sets. Built and run by packaging/fuzz: this file is in no
// package target.

import DICOM

/// Kept from input to input, as a service does; small limits, so that small inputs reach them.
nonisolated(unsafe) private var small = DataSet(
    limits: ReadLimits(elementBytes: 200, sequenceDepth: 3, headerBytes: 4 << 10)
)
nonisolated(unsafe) private var large = DataSet()
nonisolated(unsafe) private var characterSets = CharacterSetCache()
nonisolated(unsafe) private var text: [UInt8] = []

/// A broken promise ends the process, so that libFuzzer keeps the input.
private func require(_ condition: Bool) {
    if !condition { preconditionFailure("a data set breaks its rules") }
}

/// The tree of elements nests, and every value lies in the bytes.
private func check(_ dataSet: borrowing DataSet) {
    let (count, total) = (dataSet.count, dataSet.bytes.count)
    var ends: [Int] = []
    var drops = 0
    for index in 0..<count {
        let element = dataSet[index]
        while let end = ends.last, index >= end { ends.removeLast() }
        require(element.next > index && element.next <= ends.last ?? count)
        require(element.offset <= total && element.length <= total - element.offset)
        require(element.next == index + 1 || element.vr == .SQ || element.tag == .item)
        if element.next > index + 1 { ends.append(element.next) }
        if element.dropReason != nil {
            drops += 1
            require(element.length == 0 && element.next == index + 1)
        }
    }
    require(drops == dataSet.dropCount)
}

/// Text of all values, under the terms that the file itself names.
private func decode(_ dataSet: borrowing DataSet) {
    let terms = dataSet.element(.specificCharacterSet)
    let set = terms.map { characterSets.named(dataSet.value(of: $0)) } ?? characterSets.standard
    for index in 0..<dataSet.count where dataSet[index].vr.hasCharacterSet {
        text.removeAll(keepingCapacity: true)
        set.decode(dataSet.value(of: dataSet[index]), as: TextKind(dataSet[index].vr), appendingTo: &text)
        require(String(validating: text, as: UTF8.self) != nil)
    }
}

/// One input: it must be read or refused, twice in the same way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHeader(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do {
        try small.parse(input)
        check(small)
        let digest = small.digest(key: (1, 2))
        try small.parse(input)
        require(small.digest(key: (1, 2)) == digest)
    } catch {
        require(small.count == 0 && small.bytes.isEmpty)
    }
    do {
        try large.parse(input)
        check(large)
        decode(large)
    } catch {
        require(large.count == 0)
    }
    return 0
}
