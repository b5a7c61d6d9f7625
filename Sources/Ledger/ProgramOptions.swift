/// Follows the words of a command line and knows where programs that people deploy with take
/// secrets in short options: `-p` is a password to `sshpass` and nothing of the kind to `mkdir`.
struct ProgramOptions {
    /// What the programs seen so far make of their short options.
    private struct Habits: OptionSet {
        let rawValue: UInt16

        /// `-pSECRET`; a word of its own after `-p` is something else.
        static let gluedPassword = Habits(rawValue: 1)
        /// `-p SECRET` and `-pSECRET`.
        static let password = Habits(rawValue: 2)
        /// `-P SECRET`.
        static let capitalPassword = Habits(rawValue: 4)
        /// `-a SECRET`.
        static let authentication = Habits(rawValue: 8)
        /// `-w SECRET`.
        static let bindPassword = Habits(rawValue: 16)
        /// `-k SECRET`.
        static let key = Habits(rawValue: 32)
        /// `-u user:SECRET`, `-U user:SECRET`, `-E file:SECRET`, `-b name=SECRET`.
        static let curl = Habits(rawValue: 64)
        /// `-a user:SECRET`.
        static let httpie = Habits(rawValue: 128)
        /// `-U user%SECRET`.
        static let samba = Habits(rawValue: 256)
        /// `-u user,SECRET`.
        static let lftp = Habits(rawValue: 512)
        /// `login -p SECRET`.
        static let registry = Habits(rawValue: 1024)
        /// `-u user:group`, which is no secret.
        static let accounts = Habits(rawValue: 2048)
    }

    /// Where the secret is in the value of an option.
    private enum Place {
        case whole
        /// Everywhere, and never in the next word.
        case glued
        case after(UInt8)
        /// After a colon, and everywhere without one.
        case afterColonOrWhole
        /// Everywhere, unless it names a file.
        case cookie
    }

    private var habits: Habits = []
    private var expected: Place?

    /// Takes the next word and tells where in it a secret begins, if one does.
    mutating func secretStart(in word: ArraySlice<UInt8>) -> Int? {
        if let place = expected {
            expected = nil
            return start(of: place, in: word)
        }
        if word.first == UInt8(ascii: "-"), word.count > 1 {
            return word[word.startIndex + 1] == UInt8(ascii: "-")
                ? startAfterUser(word) : startInShortOptions(word)
        }
        learn(word)
        return nil
    }

    /// Forgets the programs: another command begins.
    mutating func beginCommand() { self = ProgramOptions() }

    // MARK: - Options

    /// `--user user:password` and `--user=user:password`, with any program that has accounts of
    /// another kind excepted.
    private mutating func startAfterUser(_ word: ArraySlice<UInt8>) -> Int? {
        for name in ["--user", "--proxy-user"] where word.starts(with: name.utf8) {
            let place: Place = habits.contains(.samba) ? .after(UInt8(ascii: "%")) : .after(0x3a)
            if habits.contains(.accounts), !habits.contains(.curl) { return nil }
            let rest = word.dropFirst(name.utf8.count)
            if rest.isEmpty {
                expected = place
            } else if rest.first == UInt8(ascii: "=") {
                return start(of: place, in: rest.dropFirst())
            }
        }
        return nil
    }

    /// The first option with a secret among letters such as `-sSu`.
    private mutating func startInShortOptions(_ word: ArraySlice<UInt8>) -> Int? {
        for index in word.indices.dropFirst() {
            if let place = place(ofOption: word[index]) {
                let value = word[(index + 1)...]
                if !value.isEmpty { return start(of: place, in: value) }
                if case .glued = place { return nil }
                expected = place
                return nil
            }
            guard isSwitch(word[index]) else { return nil }
        }
        return nil
    }

    private mutating func place(ofOption letter: UInt8) -> Place? {
        switch letter {
        case UInt8(ascii: "p") where habits.contains(.password):
            // Once: in `sshpass -p x ssh -p 22` the second one is a port.
            habits.remove(.password)
            return .whole
        case UInt8(ascii: "p") where habits.contains(.gluedPassword): return .glued
        case UInt8(ascii: "P") where habits.contains(.capitalPassword): return .whole
        case UInt8(ascii: "a") where habits.contains(.authentication): return .whole
        case UInt8(ascii: "a") where habits.contains(.httpie): return .afterColonOrWhole
        case UInt8(ascii: "w") where habits.contains(.bindPassword): return .whole
        case UInt8(ascii: "k") where habits.contains(.key): return .whole
        case UInt8(ascii: "b") where habits.contains(.curl): return .cookie
        case UInt8(ascii: "E") where habits.contains(.curl): return .after(UInt8(ascii: ":"))
        case UInt8(ascii: "U") where habits.contains(.curl): return .after(UInt8(ascii: ":"))
        case UInt8(ascii: "U") where habits.contains(.samba): return .after(UInt8(ascii: "%"))
        case UInt8(ascii: "u") where habits.contains(.lftp): return .after(UInt8(ascii: ","))
        case UInt8(ascii: "u") where habits.contains(.curl) || !habits.contains(.accounts):
            return .after(UInt8(ascii: ":"))
        default: return nil
        }
    }

    /// Whether an option takes no value, so that another letter follows.
    private func isSwitch(_ letter: UInt8) -> Bool {
        if habits.contains(.curl) { return "sSfLkivgGIjJlnNOpqRaB046#".utf8.contains(letter) }
        if habits.contains(.bindPassword) { return "xvnLZW".utf8.contains(letter) }
        if habits.contains(.capitalPassword) { return "oqnjrLlv".utf8.contains(letter) }
        return false
    }

    private func start(of place: Place, in value: ArraySlice<UInt8>) -> Int? {
        switch place {
        case .whole, .glued: return isPortMapping(value) ? nil : value.startIndex
        case .cookie: return value.contains(UInt8(ascii: "=")) ? value.startIndex : nil
        case .after(UInt8(ascii: ":")):
            return Masking.userPassword(in: value).map { $0 + 1 }
        case .after(let separator):
            return value.firstIndex(of: separator).map { $0 + 1 }
        case .afterColonOrWhole:
            guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else {
                return value.startIndex
            }
            return colon + 1
        }
    }

    /// `3306:3306` and `127.0.0.1:80:80/tcp`, which containers take after `-p`.
    private func isPortMapping(_ value: ArraySlice<UInt8>) -> Bool {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")), value.last != 0x3a else {
            return false
        }
        let port = value[(colon + 1)...].prefix { $0 != UInt8(ascii: "/") }
        return value[..<colon].allSatisfy { 0x2e...0x39 ~= $0 }
            && port.allSatisfy { 0x2e...0x3a ~= $0 }
    }

    // MARK: - Programs

    private mutating func learn(_ word: ArraySlice<UInt8>) {
        let slash = word.lastIndex(of: UInt8(ascii: "/"))
        let name = word[(slash.map { $0 + 1 } ?? word.startIndex)...]
        guard 2...24 ~= name.count else { return }
        habits.formUnion(Self.habits(of: String(decoding: name, as: UTF8.self), after: habits))
    }

    private static func habits(of program: String, after habits: Habits) -> Habits {
        switch program {
        case "curl": return .curl
        case "sshpass", "cqlsh", "useradd", "usermod": return .password
        case "docker", "podman", "nerdctl", "docker-compose": return [.registry, .accounts]
        case "buildah", "skopeo", "helm", "oras", "crane", "regctl", "az", "oc", "cf":
            return .registry
        case "login": return habits.contains(.registry) ? .password : []
        case "redis-cli", "redis-benchmark", "valkey-cli", "keydb-cli": return .authentication
        case "http", "https", "xh": return .httpie
        case "smbclient", "rpcclient", "smbget", "net": return .samba
        case "lftp": return .lftp
        case "openssl": return .key
        case "7z", "7za", "7zr", "7zz", "rar", "unrar": return .gluedPassword
        case "zip", "unzip", "sqlcmd", "bcp", "ipmitool", "mosquitto_pub", "mosquitto_sub":
            return .capitalPassword
        default:
            // mysqldump, mariadb-admin; mongosh, mongodump; ldapsearch, ldapmodify.
            if program.hasPrefix("mysql") || program.hasPrefix("mariadb") { return .gluedPassword }
            if program.hasPrefix("mongo") { return .password }
            return program.hasPrefix("ldap") ? .bindPassword : []
        }
    }
}
