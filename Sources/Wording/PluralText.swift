/// Numbers with the word for what is counted.
package enum PluralText {
    /// `1 event`, `2 events`, `0 events`.
    ///
    /// - Parameters:
    ///   - one: what follows the number 1.
    ///   - many: what follows any other number; `one` with an `s` unless given.
    package static func text(
        _ count: some BinaryInteger, _ one: String, _ many: String? = nil
    ) -> String {
        "\(count) " + (count == 1 ? one : many ?? one + "s")
    }
}
