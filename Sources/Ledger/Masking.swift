/// Takes recognisable secrets out of text before it is written anywhere.
///
/// What is recognised: values of flags, variables, headers and cookies whose name says so,
/// passwords and tokens in URLs, short options of programs known to take a password there, and keys
/// whose shape gives them away. Written by hand over bytes: a regular expression would cost the
/// start of every deployment.
public enum Masking {
    static let replacement = Array("***".utf8)

    /// Masks a command's arguments, also where an option and its value are two arguments.
    public static func mask(arguments: [String]) -> [String] {
        var result: [String] = []
        var previous: [UInt8] = []
        var options = ProgramOptions()
        for argument in arguments {
            let bytes = Array(argument.utf8)
            if let start = options.secretStart(in: bytes[...])
                ?? wholeArgument(bytes, after: previous) ?? wholeValue(of: bytes, after: previous)
            {
                let isEmpty = start == bytes.count
                result.append(
                    String(decoding: bytes[..<start] + (isEmpty ? [] : replacement), as: UTF8.self))
            } else {
                result.append(mask(argument))
            }
            previous = bytes
        }
        return result
    }

    /// Masks what looks like a secret inside one text.
    public static func mask(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var scanner = SecretScanner(bytes)
        let secrets = scanner.secrets()
        if secrets.isEmpty { return text }
        var result: [UInt8] = []
        var position = 0
        for secret in secrets {
            result += bytes[position..<secret.lowerBound] + replacement
            position = secret.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }

    // MARK: - Arguments

    /// 0 when the argument before announces this one: `--password x`, `-storepass x`.
    private static func wholeArgument(_ argument: [UInt8], after flag: [UInt8]) -> Int? {
        isSecretFlag(flag[...], before: argument[...]) ? 0 : nil
    }

    /// Whether a flag without a value of its own announces that the next word is a secret.
    static func isSecretFlag(_ flag: ArraySlice<UInt8>, before value: ArraySlice<UInt8>) -> Bool {
        guard flag.first == UInt8(ascii: "-"), flag.count > 2, !looksLikeOption(value) else {
            return false
        }
        let name = flag.dropFirst(flag.starts(with: "--".utf8) ? 2 : 1)
        guard name.allSatisfy(SecretScanner.isName) else { return false }
        let isLong = flag.starts(with: "--".utf8)
        guard isLong || SecretName.isSecretAfterOneDash(name) else { return false }
        // The number of a pass over the data, as video encoders have it.
        if value.count == 1, value.allSatisfy(isDigit) { return false }
        return SecretName(name, isVariable: false).hides(value)
    }

    /// `--verbose` and `-v`; a password may well begin with one dash.
    private static func looksLikeOption(_ word: ArraySlice<UInt8>) -> Bool {
        word.starts(with: "--".utf8) || word.first == UInt8(ascii: "-") && word.count <= 2
    }

    /// Where the value begins in `--password=…`, `-Dpassword=…` or `DB_PASSWORD=…` that is a whole
    /// argument, so that all of it is secret, spaces included; after `-c` it begins a script.
    private static func wholeValue(of argument: [UInt8], after previous: [UInt8]) -> Int? {
        guard let equals = argument.firstIndex(of: UInt8(ascii: "=")), !isScriptFlag(previous)
        else { return nil }
        let dashes = argument.prefix { $0 == UInt8(ascii: "-") }.count
        guard dashes < 3, dashes < equals else { return nil }
        let name = argument[dashes..<equals]
        guard name.allSatisfy(SecretScanner.isName),
            SecretName(name, isVariable: dashes == 0).hides(argument[(equals + 1)...])
        else { return nil }
        return equals + 1
    }

    /// `-c` and, as in `bash -lc`, letters that end with it.
    private static func isScriptFlag(_ argument: [UInt8]) -> Bool {
        argument.count > 1 && argument[0] == UInt8(ascii: "-") && argument[1] != argument[0]
            && argument.last == UInt8(ascii: "c")
    }

    // MARK: - Users

    /// Where the password begins in `user:password`, less one; nil for `uid:gid`, for a user and
    /// the group of the same name, and for a URL.
    static func userPassword(in value: ArraySlice<UInt8>) -> Int? {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let password = value[(colon + 1)...]
        if password.isEmpty || password.starts(with: "//".utf8) { return nil }
        if value[..<colon].elementsEqual(password) { return nil }
        return value[..<colon].allSatisfy(isDigit) && password.allSatisfy(isDigit) ? nil : colon
    }

    static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
