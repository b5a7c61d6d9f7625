import ArgumentParser

extension String? {
    /// Nothing for an empty text: a variable that a script did not set says as much as an option that
    /// was left out.
    package var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}

/// An option such as `--ledger=`, which an empty variable leaves: the parser takes the next word for
/// its value, so that a file would get the name of a command.
enum EmptyValue {
    /// Refuses a command line that has one.
    ///
    /// - Parameter wrapsCommand: whether the options end at the first word that is neither an option
    ///   nor the value of one.
    static func refuse(
        in arguments: [String], of root: any ParsableCommand.Type, wrapsCommand: Bool
    ) throws {
        // Finding out what takes a value costs a millisecond.
        guard arguments.contains(where: isEmpty) else { return }
        let valued = wrapsCommand ? CommandPath.valuedOptions(of: root) : []
        var rest = arguments[...]
        while let word = rest.popFirst(), word != "--" {
            if isEmpty(word) {
                throw ValidationError("\(word.dropLast()) has an empty value")
            }
            if valued.contains(word) {
                _ = rest.popFirst()
            } else if wrapsCommand, !word.hasPrefix("-") {
                return
            }
        }
    }

    private static func isEmpty(_ word: String) -> Bool {
        word.hasPrefix("--") && word.firstIndex(of: "=") == word.indices.last
    }
}
