/// Whether text is an object of the DICOM JSON Model (PS3.18 F.2): tags ascend, each with its VR and, if it has any, its values.
enum MetadataCheck {
    static func check(_ text: UnsafeRawBufferPointer) throws(BrokenPromise) {
        var scanner = JSONScanner(text)
        try checkObject(&scanner)
        guard scanner.isAtEnd else { throw BrokenPromise("something behind the object") }
    }

    private static func checkObject(_ scanner: inout JSONScanner) throws(BrokenPromise) {
        try scanner.need("{")
        if scanner.take("}") { return }
        var last: UInt32?
        repeat {
            let key = JSONScanner.text(try scanner.string())
            guard key.utf8.count == 8, let tag = UInt32(key, radix: 16), key == key.uppercased() else {
                throw BrokenPromise("\(key) is no tag")
            }
            if let last, last >= tag { throw BrokenPromise("\(key) is too late") }
            last = tag
            try scanner.need(":")
            try checkAttribute(&scanner)
        } while scanner.take(",")
        try scanner.need("}")
    }

    private static func checkAttribute(_ scanner: inout JSONScanner) throws(BrokenPromise) {
        try scanner.need("{")
        try needKey("vr", &scanner)
        let vr = JSONScanner.text(try scanner.string())
        guard vr.utf8.count == 2, vr.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw BrokenPromise("\(vr) is no VR")
        }
        if scanner.take(",") {
            try needKey("Value", &scanner)
            try scanner.need("[")
            repeat { try checkValue(vr, &scanner) } while scanner.take(",")
            try scanner.need("]")
        }
        try scanner.need("}")
    }

    private static func checkValue(_ vr: String, _ scanner: inout JSONScanner) throws(BrokenPromise) {
        if scanner.isAt("n") { return try scanner.null() }
        switch vr {
        case "SQ": try checkObject(&scanner)
        case "PN": try checkName(&scanner)
        case "FL", "FD": try scanner.number()
        case "US", "UL", "UV", "SS", "SL", "SV":
            guard try scanner.number() else { throw BrokenPromise("a fraction in \(vr)") }
        case "DS", "IS":
            // What is no number stays a string.
            if scanner.isAt("\"") { _ = try scanner.string() } else { try scanner.number() }
        case "OB", "OD", "OF", "OL", "OV", "OW", "UN": throw BrokenPromise("bulk data")
        default: _ = try scanner.string()
        }
    }

    private static func checkName(_ scanner: inout JSONScanner) throws(BrokenPromise) {
        try scanner.need("{")
        if scanner.take("}") { return }
        var groups = ["Alphabetic", "Ideographic", "Phonetic"][...]
        repeat {
            let key = JSONScanner.text(try scanner.string())
            guard let index = groups.firstIndex(of: key) else { throw BrokenPromise("\(key) is no group, or too late") }
            groups = groups[(index + 1)...]
            try scanner.need(":")
            guard try scanner.string().count > 0 else { throw BrokenPromise("an empty group") }
        } while scanner.take(",")
        try scanner.need("}")
    }

    private static func needKey(_ key: String, _ scanner: inout JSONScanner) throws(BrokenPromise) {
        guard JSONScanner.text(try scanner.string()) == key else { throw BrokenPromise("no \(key)") }
        try scanner.need(":")
    }
}
