import ArgumentParser
import SystemCalls
import Wording

/// When a commit was made.
package struct CommitTime: Hashable, Sendable {
    /// In UTC since 1970.
    package let microseconds: Int64

    /// Reads RFC 3339 or, as `git show -s --format=%ct` writes it, seconds since 1970; nil for
    /// everything else, and for what is before 1970 or beyond the year 9999.
    package init?(_ text: String) {
        if !text.isEmpty, text.utf8.allSatisfy({ 48...57 ~= $0 }) {
            guard let seconds = Int64(text) else { return nil }
            self.init(seconds: seconds)
        } else {
            guard let moment = RFC3339.microseconds(of: text) else { return nil }
            // A fraction of a second is of no use here.
            self.init(seconds: moment / 1_000_000)
        }
    }

    private init?(seconds: Int64) {
        guard (0..<253_402_300_800).contains(seconds) else { return nil }
        microseconds = seconds * 1_000_000
    }

    /// What somebody says: an option, a setting, or else the CI's environment; nil when nobody does.
    ///
    /// - Throws: a usage error for an option or a setting that is no time; the CI's is passed over.
    package init?(
        option: String?, setting: Configuration.Setting?, ci: CIRun?
    ) throws {
        if let given = option.map({ Configuration.Setting("--committed-at", $0) }) ?? setting {
            guard let time = CommitTime(given.text) else {
                throw ValidationError(
                    "\(given.place) requires a time such as 2026-09-18T10:31:00Z or seconds since "
                        + "1970, not '\(given.text.escapedForTerminal)'")
            }
            self = time
            return
        }
        guard let time = ci?.committedAt.flatMap({ CommitTime($0) }) else { return nil }
        self = time
    }

    /// What git is told: where the user's configuration is, and to fetch nothing.
    private static var environment: [String] {
        ["GIT_NO_LAZY_FETCH=1"] + (Environment.value("HOME").map { ["HOME=\($0)"] } ?? [])
    }

    /// How long git may take: a deployment waits for it.
    private static let limit: Int64 = 300_000

    /// That of a commit of the repository that a directory is in; nil without a commit, without a
    /// repository, or when it does not know the commit.
    ///
    /// `cat-file` prints a commit as it is stored and, unlike `show`, runs no pager, filter or signature
    /// check that the repository's configuration names; a commit that is not there is not fetched. git
    /// itself refuses repositories of other users, unless the user's configuration trusts them.
    package init?(of sha: String?, in directory: String = ".") {
        guard let sha, sha.count >= 7, sha.allSatisfy(\.isHexDigit), Self.isRepository(directory)
        else {
            return nil
        }
        let arguments = ["-C", directory, "cat-file", "commit", sha]
        guard
            let output =
                (try? ProgramOutput.of(
                    "/usr/bin/git", arguments, environment: Self.environment, within: Self.limit))
                .flatMap({ $0 }),
            let line = String(decoding: output, as: UTF8.self).split(separator: "\n")
                .first(where: { $0.hasPrefix("committer ") }),
            let seconds = line.split(separator: " ").dropLast().last.flatMap({ Int64($0) })
        else { return nil }
        self.init(seconds: seconds)
    }

    /// Whether the directory or one above it holds a repository, which takes no process to see.
    private static func isRepository(_ directory: String) -> Bool {
        var path = directory
        for _ in 0..<32 {
            guard let status = try? FileSystem.status(path) else { return false }
            if FileSystem.exists(path + "/.git") { return true }
            let above = path + "/.."
            if (try? FileSystem.status(above).identity) == status.identity { return false }
            path = above
        }
        return false
    }
}
