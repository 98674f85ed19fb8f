import DICOM

/// A data set as short lines, nested by indentation: what was read, for comparison.
func dump(_ dataSet: borrowing DataSet, withMeta: Bool = false) -> [String] {
    var lines: [String] = []
    func add(_ range: Range<Int>, _ indent: String, _ dataSet: borrowing DataSet) {
        var index = range.lowerBound
        while index < range.upperBound {
            let element = dataSet[index]
            if element.tag.group != 2 || withMeta {
                let name = element.tag == .item ? "item" : element.tag.hexDigits
                var line = "\(indent)\(name) \(element.vr)"
                if let reason = element.dropReason {
                    line += " \(reason.rawValue)"
                } else if element.vr != .SQ, element.tag != .item {
                    line += " \(element.length)"
                }
                lines.append(line)
            }
            add(index + 1..<element.next, indent + "  ", dataSet)
            index = element.next
        }
    }
    add(0..<dataSet.count, "", dataSet)
    return lines
}

/// The lines of a file that must be readable.
func dump(_ bytes: [UInt8], limits: ReadLimits = ReadLimits(), withMeta: Bool = false) throws(ParseError) -> [String] {
    var dataSet = DataSet(limits: limits)
    try dataSet.parse(bytes)
    return dump(dataSet, withMeta: withMeta)
}

/// Why a file cannot be read; nil if it can.
func failure(_ bytes: [UInt8], limits: ReadLimits = ReadLimits()) -> ParseError? {
    var dataSet = DataSet(limits: limits)
    do throws(ParseError) {
        try dataSet.parse(bytes)
        return nil
    } catch {
        return error
    }
}
