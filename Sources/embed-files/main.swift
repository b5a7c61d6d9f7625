// Writes OUTPUT: an enum NAME with one string constant per FILE, in the order given, and a list of
// them all. Usage: embed-files OUTPUT NAME FILE…
import Foundation

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    FileHandle.standardError.write(Data("usage: embed-files OUTPUT NAME FILE…\n".utf8))
    exit(64)
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
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    let text = try String(contentsOf: url, encoding: .utf8)
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
try source.write(toFile: arguments[1], atomically: true, encoding: .utf8)
