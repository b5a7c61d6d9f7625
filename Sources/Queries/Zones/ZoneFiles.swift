import SystemCalls

/// The files of the system's time zones, which the package tzdata installs.
enum ZoneFiles {
    /// Why a zone has no rules.
    enum Problem: Error {
        /// There is no such directory.
        case noFiles(directory: String)
        /// There is no such zone.
        case unknown
        /// Its file is no TZif file that can be used.
        case damaged(path: String)
    }

    /// Where they are: `TZDIR`, as for all programs, or the usual place.
    static var directory: String { Environment.value("TZDIR") ?? "/usr/share/zoneinfo" }

    /// No zone's file is larger.
    private static let largest = 1 << 18

    /// The rules of a name such as `Europe/Berlin`.
    static func rules(of name: String) throws(Problem) -> ZoneRules {
        guard isName(name) else { throw .unknown }
        guard FileSystem.exists(directory) else { throw .noFiles(directory: directory) }
        let path = "\(directory)/\(name)"
        guard let bytes = try? FileSystem.read(path, limit: largest) else { throw .unknown }
        guard let rules = ZoneRules(file: bytes) else { throw .damaged(path: path) }
        return rules
    }

    /// The rules of any file; nil when it has none.
    static func rules(path: String) -> ZoneRules? {
        (try? FileSystem.read(path, limit: largest)).flatMap { ZoneRules(file: $0) }
    }

    /// The zone's name in the path of its file; nil when the file is elsewhere.
    static func name(ofPath path: String) -> String? {
        let path = FileSystem.resolved(path) ?? path
        for directory in [directory, "/zoneinfo"] {
            guard let range = path.firstRange(of: directory + "/") else { continue }
            let name = String(path[range.upperBound...])
            return name.hasPrefix("posix/") ? String(name.dropFirst("posix/".count)) : name
        }
        return nil
    }

    /// Whether it can be a name, and no path to somewhere else.
    private static func isName(_ name: String) -> Bool {
        name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.first != "."
                && part.unicodeScalars.allSatisfy {
                    $0.isASCII
                        && ($0.properties.isAlphabetic
                            || "0123456789_+-.".unicodeScalars.contains($0))
                }
        }
    }
}
