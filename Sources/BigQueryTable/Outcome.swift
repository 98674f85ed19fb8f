/// What became of an element.
enum Outcome {
    /// It has no value.
    case none
    /// Text or JSON was appended to the arena.
    case text
    case integer(Int64)
    case real(Double)
    case dropped(DropReason)
}

/// Where a value goes: text stands bare in a column, and quoted in JSON.
enum Placement {
    case column, json
}

/// A sequence that a value is nested in.
struct PathStep: BitwiseCopyable {
    let column: ColumnID
    var item: UInt32 = 0
}
