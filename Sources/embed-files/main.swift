// Writes OUTPUT: an enum NAME with one string constant per FILE, in the order given, and a list of
// them all. Usage: embed-files OUTPUT NAME FILE…
import Glibc

func fail(_ text: String, code: Int32 = 1) -> Never {
    let line = Array("embed-files: \(text)\n".utf8)
    write(STDERR_FILENO, line, line.count)
    exit(code)
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fail("usage: embed-files OUTPUT NAME FILE…", code: 64) }

func content(of path: String) -> String {
    guard let file = fopen(path, "r") else { fail("cannot read \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&part, 1, part.count, file), count > 0 {
        bytes += part.prefix(count)
    }
    guard ferror(file) == 0, let text = String(validating: bytes, as: UTF8.self) else {
        fail("\(path) is not UTF-8 text that can be read")
    }
    return text
}

/// The last part of a path without what follows its last dot.
func name(of path: String) -> String {
    let last = path.split(separator: "/").last ?? ""
    return String(last.lastIndex(of: ".").map { last[..<$0] } ?? last)
}

/// `0001_events.sql` → `sql0001Events`, `append-event.sql` → `appendEvent`.
func identifier(for name: String) -> String {
    let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
    let joined =
        (words.first ?? "")
        + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return joined.first?.isNumber == true ? "sql" + joined : joined
}

var constants = ""
var list = ""
for path in arguments.dropFirst(3) {
    let name = name(of: path)
    let text = content(of: path)
    constants += "    static let \(identifier(for: name)) = ####\"\"\"\n\(text)\n\"\"\"####\n"
    list += "        (name: \"\(name)\", text: \(identifier(for: name))),\n"
}
let source = """
    // Generated; do not edit.
    enum \(arguments[2]) {
        static let all: [(name: String, text: String)] = [
    \(list)    ]
    \(constants)}

    """
// Renamed, so that a build that is interrupted leaves no half of it.
let draft = arguments[1] + ".draft"
guard let file = fopen(draft, "w"), fputs(source, file) >= 0, fclose(file) == 0,
    rename(draft, arguments[1]) == 0
else { fail("cannot write \(arguments[1])") }
