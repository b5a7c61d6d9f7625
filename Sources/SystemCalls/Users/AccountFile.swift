import Glibc

/// Files whose lines have fields separated by colons: passwd(5), group(5).
enum AccountFile {
    /// The first thing that `find` makes of a line; nil when there is none, or no such file.
    ///
    /// The file is read in pieces: some have a million lines, and a line for everybody in a group.
    static func first<Result>(in path: String, _ find: (AccountLine) -> Result?) -> Result? {
        do {
            let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            var reader = LineReader(file, longest: 64 << 20, piece: 16 << 10)
            while let bytes = try reader.next() {
                let line = AccountLine(bytes)
                if line.isEntry, let result = find(line) { return result }
            }
        } catch {
            // As good as missing.
        }
        return nil
    }
}

/// One line of such a file.
struct AccountLine {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes.drop(while: Self.isBlank)
    }

    /// Neither blank nor a comment nor an instruction to NSS (`+`, `-`, nsswitch.conf(5), `compat`).
    var isEntry: Bool {
        guard let first = bytes.first else { return false }
        return !"#+-:".utf8.contains(first)
    }

    /// The first field.
    var name: String { String(decoding: bytes.prefix { $0 != Self.colon }, as: UTF8.self) }

    /// A number in a field, counted from 0; nil when something else stands there.
    func number(_ position: Int) -> UInt32? { field(position).flatMap(Self.number) }

    /// The texts between commas in a field.
    func list(_ position: Int) -> [String] {
        (field(position) ?? []).split(separator: UInt8(ascii: ",")).map { item in
            var item = item.drop(while: Self.isBlank)
            while let last = item.last, Self.isBlank(last) { item.removeLast() }
            return String(decoding: item, as: UTF8.self)
        }
    }

    /// A user's or group's number; 4294967295 is none, it means "leave as it is" to chown(2).
    static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard !digits.isEmpty, digits.count <= 10,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = UInt32(String(decoding: digits, as: UTF8.self)), number != .max
        else { return nil }
        return number
    }

    private static let colon = UInt8(ascii: ":")

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private func field(_ position: Int) -> ArraySlice<UInt8>? {
        var rest = bytes
        for _ in 0..<position {
            guard let end = rest.firstIndex(of: Self.colon) else { return nil }
            rest = rest[(end + 1)...]
        }
        return rest.prefix { $0 != Self.colon }
    }
}
