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
        let isOrderly = findUIDs(&found)
        appearance = Appearance(isOrderly: isOrderly, found: found, hasGuessed: recovery.hasGuessed)
        return isOrderly && appearance.hasAllUIDs
    }

    /// One bit for each UID, and one if there is one of which it depends on other elements whether it is one; false where
    /// something looks wrong.
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
                case 0x0008_0018: if !note(element, 1, &found) { return false }
                case 0x0010_0020 where isInterrupted(element): return false
                case 0x0020_000D: if !note(element, 2, &found) { return false }
                case 0x0020_000E: if !note(element, 4, &found) { return false }
                default: break
                }
            }
            // No VR has a shorter limit that its values come near to.
            if element.length >= 16, element.vr != .SQ, isTooLong(element) { return false }
            index = max(element.next, index &+ 1)
        }
        return true
    }

    /// Whether the data set says which instance it is.
    package var identifiesInstance: Bool { appearance.isOrderly ? appearance.hasAllUIDs : hasUIDs }

    /// Whether the three UIDs are there, each as one only.
    var hasUIDs: Bool {
        for tag in [ElementTag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID] {
            guard let element = element(tag, in: metaCount..<count), isUID(element), !isContradicted(element) else {
                return false
            }
        }
        return true
    }

    private func note(_ uid: Element, _ bit: Int, _ found: inout Int) -> Bool {
        found |= bit
        if isPlainUID(uid) { return true }
        found |= 8
        return isUID(uid)
    }

    /// Whether a UID is one text: not all writers keep to its characters, but what damage makes of one is none.
    private func isUID(_ element: Element) -> Bool {
        if isPlainUID(element) { return true }
        guard element.length > 0 else { return false }
        return !isInterrupted(element) && value(of: element).isASCII && isIntact(element)
    }

    /// Whether a UID has nothing but its characters, and one byte of padding.
    private func isPlainUID(_ element: Element) -> Bool {
        guard element.length > 1 else { return element.length == 1 }
        let value = value(of: element)
        let last = value[element.length &- 1]
        let isPadded = last == 0 || last == 0x20
        return UnsafeRawBufferPointer(rebasing: value.prefix(element.length &- (isPadded ? 1 : 0))).isDigitsAndDots
    }

    /// Whether a UID with other characters, or with more padding than PS3.5 9.1 wants, may be whole.
    @inline(never)
    private func isIntact(_ element: Element) -> Bool {
        let uid = trimmedUID(at: element.offset, count: element.length)
        // Nothing is padded up to the next damage.
        if uid.last == 0x2E || damages.contains(where: { $0.offset == Int64(element.offset &+ element.length) }) {
            return false
        }
        guard element.tag == .sopInstanceUID, let stored = self.element(ElementTag(0x0002_0003), in: 0..<metaCount)
        else {
            return true
        }
        // File meta information has it too: one that has lost its end, or has other bytes, is damaged.
        let other = trimmedUID(at: stored.offset, count: stored.length)
        if other.elementsEqual(uid) { return true }
        return !(other.count > uid.count && other.starts(with: uid))
            && !(other.count == uid.count && other.isPlausibleText(.UI))
    }

    /// Whether the same element stands in the data set itself once more, with another value: one of them is of something else.
    private func isContradicted(_ last: Element) -> Bool {
        var index = metaCount
        while index < count {
            let element = elements.start[index]
            if element.tag == last.tag, !value(of: element).elementsEqual(value(of: last)) { return true }
            index = max(element.next, index &+ 1)
        }
        return false
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
        if identifiesInstance { return }
        guard let first = damages.first else { return }
        throw ParseError(
            first.reason == .truncated ? .truncated : .malformed(first.text),
            offset: Int(first.offset),
            tag: first.tag.rawValue
        )
    }

    /// A PatientID that stands there twice, with two values, is nobody's.
    mutating func dropContradictedPatient() {
        guard !appearance.isOrderly, damages.count < Self.mostDamages,
            let patient = element(.patientID, in: metaCount..<count),
            isContradicted(patient)
        else { return }
        var index = metaCount
        while index < count {
            let element = elements.start[index]
            if element.tag == .patientID {
                note(
                    malformed("PatientID stands there twice", element.offset &- headerSize(of: element)),
                    Place(tag: element.tag.rawValue, path: []),
                    from: element.offset &- headerSize(of: element),
                    to: end(of: index)
                )
                remove(index)
            } else {
                index = max(element.next, index &+ 1)
            }
        }
    }

    /// Takes an element without children out of the list.
    private mutating func remove(_ index: Int) {
        repeats.removeAll(keepingCapacity: true)
        for following in index &+ 1..<max(count, index &+ 1) {
            var element = elements.start[following]
            element.next = element.next &- 1
            elements.start[following &- 1] = element
        }
        for before in 0..<index where elements.start[before].next > index { elements.start[before].next &-= 1 }
        count &-= 1
    }
}
