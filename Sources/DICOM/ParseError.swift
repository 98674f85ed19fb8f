/// Why a file has no data set for us: where and what, in constant words, so that no data of a patient gets into a log.
package struct ParseError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// Neither `DICM` nor a plausible bare data set: to be skipped.
        case notDICOM
        /// A DICOMDIR: to be skipped.
        case notAnInstance
        /// The file ends within the header: it may be on its way still.
        case truncated
        /// More than `ReadLimits.headerBytes`, or more elements than any real header has.
        case headerTooLarge
        /// It breaks the rules of PS3.5; the text says which, and is constant.
        case malformed(String)
        /// `errno` of reading.
        case unreadable(CInt)
    }

    package let reason: Reason
    /// Byte offset at which reading stopped, in the file, or in the inflated data set if that is deflated.
    package let offset: Int64
    /// The element that was being read, if any.
    package let tag: ElementTag?

    package init(_ reason: Reason, offset: Int, tag: UInt32? = nil) {
        self.reason = reason
        self.offset = Int64(offset)
        self.tag = tag.map { ElementTag($0) }
    }

    /// The file ends within the header.
    package var isTruncation: Bool { reason == .truncated }
}
