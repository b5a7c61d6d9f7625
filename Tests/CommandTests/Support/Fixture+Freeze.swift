import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Freezes deployments; the result is the freeze's id.
    @discardableResult
    func freeze(
        until: String = "+1h", reason: String = "release weekend", _ more: [String] = []
    ) throws -> String {
        let result = try stats(["freeze", "--until", until, "--reason", reason] + more)
        #expect(result.code == 0, "\(result.errors)")
        let line = result.output.split(separator: "\n").first { $0.hasPrefix("  id: ") }
        return String(try #require(line, "\(result.output)").dropFirst("  id: ".count))
    }

    /// Ends all freezes.
    func unfreeze() throws {
        let result = try stats("unfreeze", "--all")
        #expect(result.code == 0, "\(result.errors)")
    }

    /// Starts a deployment that waits and notes its name when it runs.
    func joinFrozen(_ name: String, _ options: [String] = ["--timeout", "3h"]) throws
        -> ChildProcess
    {
        let child = try join(options, "echo \(name) >> $HERE/ran")
        try #require(
            eventually { child.errors.contains("is waiting: deployments are frozen") },
            "\(child.errors)"
        )
        return child
    }

    /// The names of the files of freezes.
    var freezeFiles: [String] {
        ((try? FileSystem.entries(of: lock + ".queue")) ?? []).filter { $0.hasPrefix("freeze-") }
    }

    /// Numbers of a member of an event, in order of the events.
    func numbers(_ member: String, of kind: String) throws -> [Int64] {
        try settle()
        return try query(
            "SELECT record ->> '$.\(member)' FROM event WHERE kind = '\(kind)' ORDER BY seq"
        ).map { Int64($0) ?? -1 }
    }
}
