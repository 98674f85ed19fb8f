import DICOM

/// Private elements of which the file does not say what they are: in implicit VR, or in UN.
extension RowBuilder {
    /// The element as the private dictionary has it, if its creator has reserved its block and its value can be what the
    /// dictionary says. If not, as it is: a wrong value is worse than none.
    @inline(never)
    mutating func identified(_ element: SourceElement) -> SourceElement {
        blocks.look(in: source, order)
        guard let creator = blocks.creator(of: element.tag),
            let fact = PrivateDictionary.fact(for: ElementTag(element.tag), of: creator)
        else { return element }
        // What a file has in UN is little endian everywhere (PS3.5 6.2.2), but in implicit VR nothing is in UN.
        let isBigEndian = element.isImplicit && source.isImplicitBigEndian
        let found = element.read(as: fact.vr.rawValue, isBigEndian: isBigEndian)
        return element.value.isEmpty || isPlausible(found, fact) ? found : element
    }

    /// Whether private elements have the same creators as in the row before, if their values depend on it: what is repeated
    /// byte for byte would be read in another VR otherwise.
    mutating func hasBlocksAsRemembered() -> Bool {
        guard memory.dependsOnBlocks else { return true }
        blocks.look(in: source, order)
        return memory.holds(blocks.open)
    }

    private mutating func isPlausible(_ element: SourceElement, _ fact: PrivateDictionary.Fact) -> Bool {
        let (vr, form) = encoding(of: element, dictionary: VRCode.un)
        switch form.content {
        case .text:
            let text = element.value.trimmed(start: false)
            guard let repertoire = TextRepertoire.of(vr: vr), repertoire.holds(text) else { return false }
            if text.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return true }
            return TextRepertoire.isReadable(decoder.text(text, vr: vr, in: scope).text)
        case .signed, .unsigned, .signedOrUnsigned, .tag, .real:
            guard let numbers = Numbers(element.value, form: form, isBigEndian: element.isBigEndian),
                fact.multiplicity.admits(numbers.count)
            else { return false }
            return form.content != .real || (0..<numbers.count).allSatisfy { numbers.real(at: $0).isFinite }
        case .sequence, .binary: return false
        }
    }
}
