import ArgumentParser
import Glibc
import SystemCalls
import Wording

/// When a commit was made.
package struct CommitTime: Hashable, Sendable {
    /// In UTC since 1970.
    package let microseconds: Int64

    /// Reads RFC 3339 or, as `git show -s --format=%ct` writes it, seconds since 1970; nil for
    /// everything else, and for what is before 1970 or beyond the year 9999.
    package init?(_ text: String) {
        if let seconds = Int64(text) {
            self.init(seconds: seconds)
            return
        }
        let bytes = Array(text.utf8)
        func number(_ digits: Range<Int>) -> CInt? {
            CInt(String(decoding: bytes[digits], as: UTF8.self))
        }
        // 2026-09-18T10:31:00, then a fraction, which is of no use here, and the zone.
        guard bytes.count >= 20, [4, 7].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            [13, 16].allSatisfy({ bytes[$0] == UInt8(ascii: ":") }), "Tt ".utf8.contains(bytes[10]),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            1...12 ~= month, 1...31 ~= day, 0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second,
            let offset = Self.offset(bytes[19...])
        else { return nil }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (year - 1900, month - 1, day)
        (time.tm_hour, time.tm_min, time.tm_sec) = (hour, minute, second)
        let seconds = Int64(timegm(&time))
        // A 31st of February became a day in March.
        guard time.tm_mday == day else { return nil }
        self.init(seconds: seconds - offset)
    }

    /// Seconds to the east of `Z`, `+02:00` or `+0200`, behind a fraction or not; nil for others.
    private static func offset(_ rest: ArraySlice<UInt8>) -> Int64? {
        var zone = rest
        if zone.first == UInt8(ascii: ".") {
            let digits = zone.dropFirst().prefix { 48...57 ~= $0 }
            if digits.isEmpty { return nil }
            zone = zone.dropFirst(1 + digits.count)
        }
        let text = String(decoding: zone, as: UTF8.self)
        if text == "Z" || text == "z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard let sign = text.first, sign == "+" || sign == "-", digits.utf8.count == 4,
            let number = Int64(digits), 0...23 ~= number / 100, 0...59 ~= number % 100
        else { return nil }
        return (sign == "-" ? -1 : 1) * (number / 100 * 3600 + number % 100 * 60)
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

    /// How long git may take: a deployment waits for it.
    private static let limit: Int64 = 300_000

    /// That of a commit of the repository that a directory is in; nil without a commit, without a
    /// repository, or when it does not know the commit.
    ///
    /// `cat-file` prints a commit as it is stored and, unlike `show`, runs nothing that the
    /// repository's configuration names. git itself refuses repositories of other users.
    package init?(of sha: String?, in directory: String = ".") {
        guard let sha, sha.count >= 7, sha.allSatisfy(\.isHexDigit), Self.isRepository(directory)
        else {
            return nil
        }
        let arguments = ["-C", directory, "cat-file", "commit", sha]
        guard
            let output = (try? ProgramOutput.of("/usr/bin/git", arguments, within: Self.limit))
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
