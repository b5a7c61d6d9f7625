/// How a program, or one of its subcommands, takes secrets where no name says so.
///
/// The rules are words, divided by blanks:
/// - `-p=`, `--user:`, `/p=`: an option and the place of the secret in its value (`Place`);
/// - `-x!`: an option that takes no value, whatever its name says;
/// - `-i<`: with this option the secret is read from the standard input, `<` alone: always;
/// - `-bL`, `-s2`: with this option the last, or the second, argument is secret;
/// - `#2=`, `#L:`, `#*k`: the second, the last, any argument and the place of the secret in it;
/// - `+abc`: letters of options without a value, which may stand before another one in a word;
/// - `*`: its options are whole words, `-keyout` is not `-k eyout`;
/// - `.`: its options end where the first argument begins, which is another command.
struct Program: Sendable {
    /// The name, in lower case; `|` stands between several, `*` at an end for any other letters.
    let name: String
    /// The subcommand, anywhere behind the program, written likewise.
    var subcommand = ""
    let rules: String

    init(_ name: String, _ rules: String) {
        self.name = name
        self.rules = rules
    }

    init(_ name: String, _ subcommand: String, _ rules: String) {
        self.name = name
        self.subcommand = subcommand
        self.rules = rules
    }

}
