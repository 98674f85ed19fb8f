import Glibc

/// Which instance a data set is, and whether it looks as if its lengths were right.
extension DataSet {
    /// Whether the three UIDs are there, and nothing in the data set itself looks as if a length were wrong: elements ascend
    /// (PS3.5 7.1), UIDs and PatientID are texts, and so is what is longer than its VR allows (PS3.5 6.2).
    ///
    /// Every file comes here: it is one pass over what is not as it was in the former data set, which was right, and looks at
    /// few values.
    mutating func looksRight() -> Bool {
        var found = 0
        isOrderly = findUIDs(&found)
        foundUIDs = found
        return isOrderly && found == 7
    }

    /// One bit for each UID; false where something looks wrong.
    private func findUIDs(_ found: inout Int) -> Bool {
        var last = UInt32(0)
        var index = metaCount
        var repeated = 0
        while index < count {
            let element = elements.start[index]
            let tag = element.tag.rawValue
            if tag <= last { return false }
            if repeated < repeats.count, index == repeats[repeated].start {
                last = repeats[repeated].lastTag
                if tag <= 0x0008_0018, last >= 0x0008_0018 { found |= former.foundUIDs & 1 }
                if tag <= 0x0020_000D, last >= 0x0020_000D { found |= former.foundUIDs & 2 }
                if tag <= 0x0020_000E, last >= 0x0020_000E { found |= former.foundUIDs & 4 }
                index = index &+ repeats[repeated].count
                repeated &+= 1
                continue
            }
            last = tag
            if tag <= 0x0020_000E {
                switch tag {
                case 0x0008_0018:
                    guard isUID(element) else { return false }
                    found |= 1
                case 0x0010_0020 where isInterrupted(element): return false
                case 0x0020_000D:
                    guard isUID(element) else { return false }
                    found |= 2
                case 0x0020_000E:
                    guard isUID(element) else { return false }
                    found |= 4
                default: break
                }
            }
            // No VR has a shorter limit that its values come near to.
            if element.length >= 16, element.vr != .SQ, isTooLong(element) { return false }
            index = max(element.next, index &+ 1)
        }
        return true
    }

    /// Whether the three UIDs are there.
    var hasUIDs: Bool {
        for tag in [ElementTag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID] {
            guard let element = element(tag, in: metaCount..<count), isUID(element) else { return false }
        }
        return true
    }

    /// Whether a UID is one text: not all writers keep to its characters.
    private func isUID(_ element: Element) -> Bool {
        element.length > 0 && !isInterrupted(element) && value(of: element).isASCII
    }

    /// Whether NUL stands elsewhere than at the end of a text. Every header of an element has one.
    private func isInterrupted(_ element: Element) -> Bool {
        element.length > 1 && memchr(window.base + element.offset, 0, element.length &- 1) != nil
            && !value(of: element).isPlausibleText(.LO)
    }

    private func isTooLong(_ element: Element) -> Bool {
        element.length > element.vr.longestValue
            && (element.vr.isNumeric || memchr(window.base + element.offset, 0, element.length &- 1) != nil)
            && isSuspicious(element)
    }

    /// A damaged file has a row only if it says which instance it is.
    func requireUIDs() throws(ParseError) {
        if hasUIDs { return }
        guard let first = damages.first else { return }
        throw ParseError(
            first.reason == .truncated ? .truncated : .malformed(first.text),
            offset: Int(first.offset),
            tag: first.tag.rawValue
        )
    }
}
