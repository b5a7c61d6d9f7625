/// Where in the value of an option, or in an argument, the secret is.
///
/// Written as one sign behind the option in the tables of programs.
enum Place: UInt8 {
    /// `=` All of it.
    case whole = 0x3d
    /// `w` All of it, unless it is `name=value`.
    case word = 0x77
    /// `~` All of it, and only in the same word as the option.
    case glued = 0x7e
    /// `:` After a colon, `user:password`.
    case afterColon = 0x3a
    /// `?` After a colon, and all of it without one.
    case afterColonOrWhole = 0x3f
    /// `%` After a percent sign, `user%password`.
    case afterPercent = 0x25
    /// `,` After a comma, `user,password`.
    case afterComma = 0x2c
    /// `/` Between a slash and the last `@`, `user/password@database`.
    case afterSlash = 0x2f
    /// `u` Between a colon and the last `@`, `user:password@host`.
    case login = 0x75
    /// `;` All of it unless it names a file, as cookies do.
    case cookie = 0x3b
    /// `^` After `pass:`, as openssl has it.
    case afterPass = 0x5e
    /// `>` After this sign, as Redis has it in lists of rights.
    case afterGreater = 0x3e
    /// `k` After the equals sign, whatever the name.
    case anyValue = 0x6b
    /// `h` After the colon, when the name of a header says so.
    case header = 0x68
    /// `$` Nowhere by itself: it is a script.
    case script = 0x24
    /// `&` Nowhere, whatever a name in it says.
    case nowhere = 0x26
    /// `_` Nothing is known of it, but that it is a value.
    case unknown = 0x5f

    /// The part of a value that is secret; nil when none is.
    func secret(in value: ArraySlice<UInt8>) -> Range<Int>? {
        guard let start = start(in: value), start < value.endIndex else { return nil }
        let end = end(in: value)
        guard start < end, !PlainValue.isReference(value[start..<end]) else { return nil }
        return start..<end
    }

    private func start(in value: ArraySlice<UInt8>) -> Int? {
        switch self {
        case .whole, .glued: Self.isPortMapping(value) ? nil : value.startIndex
        case .word: value.contains(UInt8(ascii: "=")) ? nil : value.startIndex
        case .afterColon: Self.password(in: value)
        case .afterColonOrWhole:
            // `-auth @file`
            value.first == UInt8(ascii: "@") || value.isEmpty
                ? nil : Self.password(in: value) ?? value.startIndex
        case .afterPercent: after("%", in: value)
        case .afterComma: after(",", in: value)
        case .afterSlash: afterUser(in: value)
        case .login: Self.isAddress(value) ? nil : after(":", in: value)
        case .cookie: value.contains(UInt8(ascii: "=")) ? value.startIndex : nil
        case .afterPass: value.beginsWith("pass:") ? value.startIndex + 5 : nil
        case .afterGreater: value.first == UInt8(ascii: ">") ? value.startIndex + 1 : nil
        case .anyValue: after("=", in: value)
        case .header: headerStart(in: value)
        case .script, .nowhere, .unknown: nil
        }
    }

    private func end(in value: ArraySlice<UInt8>) -> Int {
        guard self == .afterSlash || self == .login else { return value.endIndex }
        return value.lastIndex(of: UInt8(ascii: "@")) ?? value.endIndex
    }

    private func after(_ separator: Unicode.Scalar, in value: ArraySlice<UInt8>) -> Int? {
        value.firstIndex(of: UInt8(ascii: separator)).map { $0 + 1 }
    }

    /// `/ as sysdba` is no user with a password.
    private func afterUser(in value: ArraySlice<UInt8>) -> Int? {
        guard let start = after("/", in: value), start > value.startIndex + 1,
            Bytes.isWord(value[start - 2])
        else { return nil }
        return start
    }

    /// Whether it has a scheme, so that it is read as a URL, or no user.
    private static func isAddress(_ value: ArraySlice<UInt8>) -> Bool {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return true }
        return value[(colon + 1)...].starts(with: "//".utf8)
            || !value.contains(UInt8(ascii: "@"))
    }

    private func headerStart(in value: ArraySlice<UInt8>) -> Int? {
        guard let start = after(":", in: value), value[..<(start - 1)].allSatisfy(Bytes.isName),
            SecretName(value[..<(start - 1)], as: .variable).isSecretBeforeColon
        else { return nil }
        // Its scheme is no secret, and is known to who reads headers.
        if value[..<(start - 1)].endsWith("authorization") { return nil }
        let rest = value[start...]
        return rest.firstIndex { !Bytes.isBlank($0) }
    }

    /// Where the password begins in `user:password`; nil for `uid:gid`, for a user and the group of
    /// the same name, and for a URL.
    static func password(in value: ArraySlice<UInt8>) -> Int? {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let password = value[(colon + 1)...]
        // A key without a password, `-u sk_…:`.
        if password.isEmpty, colon - value.startIndex >= 16, value.contains(where: Bytes.isDigit) {
            return value.startIndex
        }
        if password.isEmpty || password.starts(with: "//".utf8) { return nil }
        if value[..<colon].elementsEqual(password) { return nil }
        let isOfNumbers = value[..<colon].allSatisfy(Bytes.isDigit)
        return isOfNumbers && password.allSatisfy(Bytes.isDigit) ? nil : colon + 1
    }

    /// `3306:3306` and `127.0.0.1:80:80/tcp`, which containers take after `-p`.
    private static func isPortMapping(_ value: ArraySlice<UInt8>) -> Bool {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")), value.last != 0x3a else {
            return false
        }
        let port = value[(colon + 1)...].prefix { $0 != UInt8(ascii: "/") }
        return value[..<colon].allSatisfy { 0x2e...0x39 ~= $0 }
            && port.allSatisfy { 0x2e...0x3a ~= $0 }
    }
}
