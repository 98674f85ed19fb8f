import DICOM

/// What a data set or item says of the values in it, and in the items nested in it unless they say otherwise.
struct Scope {
    var characterSet: CharacterSet
    /// TimezoneOffsetFromUTC, minutes.
    var timezoneOffset = 0
    /// PixelRepresentation: `US or SS` is SS.
    var hasSignedPixels = false
}

/// The elements of one data set or item in order of their tags, each tag once.
struct Level {
    /// Which entries of ``RowBuilder/order`` are this level's.
    let range: Range<Int>
    let scope: Scope
    /// Whether there are elements of groups 50xx or 60xx.
    let hasRepeatingGroups: Bool
}
