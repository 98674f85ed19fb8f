import Glibc

/// The part of a file that is in memory: what has been read, without what was passed over.
///
/// Positions (`at`) are offsets in memory; `shift` makes file offsets of those at or after the last gap. The memory grows
/// geometrically, so the bytes are read once and copied at most once more.
struct ByteWindow: ~Copyable {
    private var memory = KeptMemory<UInt8>()
    private var source = ByteSource.memory(UnsafeRawBufferPointer(start: nil, count: 0))
    private var inflater: Inflater?
    private var isInflating = false
    private let limit: Int

    /// Bytes in memory.
    private(set) var filled = 0
    /// File offset minus memory offset.
    private(set) var shift = 0
    /// Size of the file, or of the inflated data set; `Int.max` while that is not known.
    private(set) var size = 0
    /// Bytes that had to be read but are not kept; they count as header.
    private var walked = 0
    /// How much is read ahead next.
    private var grain = 0
    /// What was passed over or walked; a part of the digest.
    private(set) var gaps = SipHash<1, 3>(key: (0, 0))

    /// Nearly every header fits, and a page cache copy of it is cheaper than a second call.
    static let firstRead = 8 << 10
    /// Memory beyond this is given back before the next file.
    static let keptMemory = 1 << 20

    init(limit: Int) {
        self.limit = limit
    }

    var base: UnsafeRawPointer { UnsafeRawPointer(memory.start) }

    /// The position at which the file ends; `Int.max` while that is not known.
    var end: Int { size == Int.max ? Int.max : size &- shift }

    /// File offset of a position.
    func offset(of at: Int) -> Int { at &+ shift }

    /// Begins a file.
    mutating func begin(_ source: ByteSource, size: Int) {
        memory.trim(to: Self.keptMemory)
        self.source = source
        self.size = max(size, 0)
        isInflating = false
        filled = 0
        shift = 0
        walked = 0
        grain = Self.firstRead
        gaps = SipHash(key: (0, 0))
    }

    /// Hands the bytes over in exchange for other memory, unless they are inflated or unusually many.
    mutating func exchange(_ other: inout KeptMemory<UInt8>) -> Bool {
        guard !isInflating, memory.capacity <= Self.keptMemory else { return false }
        swap(&memory, &other)
        filled = 0
        return true
    }

    /// Forgets the source; the bytes stay.
    mutating func forgetSource() {
        source = .memory(UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// From position `at` on, bytes are inflated ones.
    mutating func beginInflating(at: Int) throws(ParseError) {
        let inflater = inflater ?? Inflater()
        self.inflater = inflater
        do throws(Inflater.Failure) {
            try inflater.begin(source, from: at &+ shift, to: size)
        } catch {
            throw failure(error, at: at)
        }
        isInflating = true
        filled = at
        shift = -at
        size = Int.max
    }

    /// What `rewind` needs to go back to a position from which on nothing was passed over yet.
    struct Checkpoint {
        fileprivate let at: Int
        fileprivate let shift: Int
        fileprivate let size: Int
        fileprivate let walked: Int
        fileprivate let gaps: SipHash<1, 3>
    }

    /// Remembers `at`, which lies in the file itself, not in inflated data.
    func checkpoint(at: Int) -> Checkpoint {
        Checkpoint(at: at, shift: shift, size: size, walked: walked, gaps: gaps)
    }

    /// Goes back; what follows is read again.
    mutating func rewind(to checkpoint: Checkpoint) {
        filled = min(filled, checkpoint.at)
        shift = checkpoint.shift
        size = checkpoint.size
        walked = checkpoint.walked
        gaps = checkpoint.gaps
        grain = Self.firstRead
        isInflating = false
    }

    /// Makes sure that `count` bytes at `at` are in memory.
    mutating func need(_ count: Int, at: Int, tag: UInt32? = nil) throws(ParseError) {
        let wanted = at &+ count
        if wanted > filled { try fill(wanted, at: at, tag: tag) }
    }

    /// Whether there is any byte at `at`.
    mutating func hasByte(at: Int) throws(ParseError) -> Bool {
        if at < filled { return true }
        if !isInflating { return at &+ shift < size }
        do throws(ParseError) {
            try fill(at &+ 1, at: at, tag: nil)
            return true
        } catch {
            if error.reason == .truncated { return false }
            throw error
        }
    }

    private mutating func fill(_ wanted: Int, at: Int, tag: UInt32?) throws(ParseError) {
        guard isInflating || wanted &+ shift <= size else {
            throw ParseError(.truncated, offset: offset(of: at), tag: tag)
        }
        let allowed = limit &- walked
        guard wanted <= allowed else { throw ParseError(.headerTooLarge, offset: offset(of: at), tag: tag) }
        while filled < wanted {
            var target = min(max(wanted, filled &+ grain), allowed)
            grain = min(grain &* 2, 1 << 20)
            if !isInflating { target = min(target, size &- shift) }
            guard memory.reserve(target) else {
                throw ParseError(.unreadable(ENOMEM), offset: offset(of: at), tag: tag)
            }
            let got = try fetch(target &- filled, at: at)
            guard got > 0 else {
                size = filled &+ shift
                throw ParseError(.truncated, offset: offset(of: at), tag: tag)
            }
            filled &+= got
        }
    }

    private mutating func fetch(_ count: Int, at: Int) throws(ParseError) -> Int {
        let target = UnsafeMutableRawPointer(memory.start + filled)
        if isInflating, let inflater {
            do throws(Inflater.Failure) {
                return try inflater.copy(to: target, count: count)
            } catch {
                throw failure(error, at: at)
            }
        }
        do throws(ReadFailure) {
            return try source.copy(at: filled &+ shift, to: target, count: count)
        } catch {
            throw ParseError(.unreadable(error.code), offset: offset(of: filled))
        }
    }

    private func failure(_ failure: Inflater.Failure, at: Int) -> ParseError {
        switch failure {
        case .damaged: ParseError(.malformed("deflated data are damaged"), offset: offset(of: at))
        case .unreadable(let code): ParseError(.unreadable(code), offset: offset(of: at))
        }
    }

    /// Passes over `count` bytes at `at`: they leave the memory, what follows them moves to `at`, and their place and number
    /// go into the digest.
    mutating func pass(_ count: Int, at: Int) throws(ParseError) {
        note(place: at, count: count)
        try seek(count, at: at, grain: 4 << 10)
    }

    /// As `pass`, without a trace in the digest; `grain` is how much is read ahead next.
    ///
    /// Inflated bytes cannot be passed by seeking: they are made, dropped, and count as header.
    mutating func seek(_ count: Int, at: Int, grain next: Int) throws(ParseError) {
        var left = count
        while isInflating, left > 0 {
            let step = min(left, 64 << 10)
            try need(step, at: at)
            drop(step, at: at)
            walked &+= step
            left &-= step
        }
        guard left <= size &- offset(of: at) else { throw ParseError(.truncated, offset: offset(of: at)) }
        drop(left, at: at)
        grain = next
    }

    /// Mixes the place and number of bytes that are passed over into the digest.
    mutating func note(place at: Int, count: Int) {
        gaps.absorb(UInt64(truncatingIfNeeded: at))
        gaps.absorb(UInt64(truncatingIfNeeded: count))
    }

    /// Mixes something that will not stay in memory into the digest.
    mutating func note(_ bytes: UnsafeRawBufferPointer) { gaps.absorb(bytes) }

    /// Discards what lies between `mark` and `at`, which was read and counts as header.
    mutating func discard(from mark: Int, to at: Int) {
        walked &+= at &- mark
        drop(at &- mark, at: mark)
    }

    /// Removes `count` bytes at `at`, in memory or not.
    mutating func drop(_ count: Int, at: Int) {
        guard count > 0 else { return }
        let present = filled &- at
        if count < present {
            let target = memory.start + at
            memmove(target, target + count, present &- count)
            filled &-= count
        } else {
            filled = at
        }
        shift &+= count
    }
}
