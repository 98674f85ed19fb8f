extension DataSet {
    /// Reads the header of an open file: a prefix of 8 KiB that grows as needed, and what follows pixel data. Never mmap: a
    /// writer that truncates a mapped file means SIGBUS.
    ///
    /// A damaged file is read as far as it can be: see ``damages``. Without its three UIDs it is an error, the first of them.
    ///
    /// After an error the data set is empty. The descriptor is neither kept nor closed, its position not used.
    ///
    /// `size`: Of the file, bytes. `isComplete`: Whether the file grows no more: a header that is cut short is damage then, and an
    /// error otherwise.
    package mutating func read(from descriptor: CInt, size: Int, isComplete: Bool = false) throws(ParseError) {
        self.isComplete = isComplete
        try read(.descriptor(descriptor), size: size)
    }

    /// Reads a file that is in memory, by the same path.
    package mutating func parse(_ bytes: [UInt8], isComplete: Bool = false) throws(ParseError) {
        self.isComplete = isComplete
        let failure = bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> ParseError? in
            do throws(ParseError) {
                try read(.memory(raw), size: raw.count)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private mutating func read(_ source: ByteSource, size: Int) throws(ParseError) {
        keepAsFormer()
        clear()
        window.begin(source, size: size)
        defer { window.forgetSource() }
        do throws(ParseError) {
            try readFile()
            dropContradictedPatient()
            if !damages.isEmpty { try requireUIDs() }
            serial = Self.nextSerial()
        } catch {
            clear()
            throw error
        }
    }

    mutating func clear() {
        elements.trim(to: 32 << 10)
        count = 0
        contentEnd = 0
        dropCount = 0
        pixelData = nil
        trailingOffset = nil
        repeats.removeAll(keepingCapacity: true)
        transferSyntax = .explicitLittleEndian
        frames.removeAll(keepingCapacity: true)
        damages = []
        recovery = Recovery()
        appearance = Appearance()
    }
}
