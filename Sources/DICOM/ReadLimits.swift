/// What one header may cost. The defaults are the documented ones.
package struct ReadLimits: Hashable, Sendable {
    /// A longer value is passed over (`Drop.Reason.tooLarge`), bytes.
    package var elementBytes: Int
    /// A sequence nested deeper is passed over; one in the data set itself has depth 1.
    package var sequenceDepth: Int
    /// A file of which more has to be read, pixel data and what is passed over by length not counted, is an error, bytes.
    package var headerBytes: Int

    package init(elementBytes: Int = 16 << 20, sequenceDepth: Int = 15, headerBytes: Int = 64 << 20) {
        // Offsets are 32 bits wide in the element list.
        self.headerBytes = min(max(headerBytes, 1 << 10), 1 << 30)
        self.elementBytes = min(max(elementBytes, 64), self.headerBytes)
        self.sequenceDepth = min(max(sequenceDepth, 0), 1 << 10)
    }

    /// Elements in the list. Real headers have 15 to 30 bytes for each; a hostile one could have 8.
    var elements: Int { max(headerBytes / 32, 1 << 12) }
}
