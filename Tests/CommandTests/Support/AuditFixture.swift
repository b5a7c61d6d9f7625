import SystemCalls
import TestSupport
import Testing

/// A directory of files for `check-deploy-lock audit`.
struct AuditFixture {
    let fixture: Fixture

    init(_ files: [String: String] = [:]) throws {
        fixture = try Fixture()
        try fixture.makeFolder("tree")
        for (name, text) in files { try add(name, text) }
    }

    var tree: String { fixture.directory.file("tree") }

    func add(_ name: String, _ text: String) throws {
        var folder = "tree"
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            try fixture.makeFolder(folder)
        }
        fixture.write("tree/" + name, text)
    }

    func run(_ arguments: [String] = []) throws -> ChildProcess.Result {
        try fixture.look(["audit"] + (arguments.isEmpty ? [tree] : arguments))
    }

    /// What was found, as `file:line` below the directory.
    func findings(_ arguments: [String] = []) throws -> [String] {
        let result = try run(arguments)
        let found = result.output.split(separator: "\n").map { line in
            let parts = line.dropFirst(tree.count + 1).split(separator: ":")
            return "\(parts[0]):\(parts[1])"
        }
        #expect(result.code == (found.isEmpty ? 0 : 1), "\(result.errors)")
        return found
    }

    /// The lines that are found in one file of that name and content.
    static func lines(_ text: String, in name: String) throws -> [Int] {
        try AuditFixture([name: text]).findings().compactMap { finding in
            Int(finding.split(separator: ":")[1])
        }
    }
}
