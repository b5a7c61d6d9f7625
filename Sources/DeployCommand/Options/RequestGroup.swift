/// What a group of options asks for, as it was written.
protocol RequestGroup: Hashable, Sendable {
    /// Sets a flag; false for one that is not of this group.
    mutating func setFlag(_ name: String) -> Bool
    /// Sets an option; false for one that is not of this group, or whose value is the parser's to
    /// judge.
    mutating func setOption(_ name: String, _ value: String) -> Bool
}
