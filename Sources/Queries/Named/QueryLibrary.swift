import SystemCalls

/// The named queries there are: those of the program and, in front of them, a team's own.
package struct QueryLibrary: Sendable {
    /// A query with where it comes from.
    package struct Entry: Sendable {
        /// The query.
        package let query: NamedQuery
        /// The file it was read from; nil for one of the program's own.
        package let path: String?

        /// A query and the file it was read from.
        package init(_ query: NamedQuery, path: String? = nil) {
            self.query = query
            self.path = path
        }
    }

    /// A file that is no query, and why.
    package struct Unusable: Sendable {
        /// The file.
        package let path: String
        /// What is wrong with it.
        package let reason: String
    }

    private let directory: String?
    /// The names of the files in it, without their ending.
    private let names: [String]
    /// No query is larger.
    private static let largestFile = 1 << 20

    /// The program's own queries and the `.sql` files of a directory, which go first.
    package init(directory: String? = nil) throws(ReportError) {
        self.directory = directory
        guard let directory else {
            names = []
            return
        }
        do throws(SystemError) {
            names = try FileSystem.entries(of: directory)
                .filter { $0.hasSuffix(".sql") && !$0.hasPrefix(".") }
                .map { String($0.dropLast(".sql".count)) }
                .sorted()
        } catch {
            throw .unreadable(path: directory, reason: error.reason)
        }
    }

    /// The query of that name.
    package func entry(named name: String) throws(ReportError) -> Entry {
        guard let directory, names.contains(name) else {
            do {
                return Entry(try NamedQuery.named(name))
            } catch ReportError.noSuchQuery(let name, let known) {
                throw .noSuchQuery(name, known: names + known)
            }
        }
        let path = "\(directory)/\(name).sql"
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileSystem.read(path, limit: Self.largestFile)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
            throw .unreadable(path: path, reason: "it is not UTF-8 text")
        }
        return Entry(try NamedQuery(name: name, sql: text), path: path)
    }

    /// All queries in the order of their names, and the files that are none.
    package func all() -> (entries: [Entry], unusable: [Unusable]) {
        var entries: [Entry] = []
        var unusable: [Unusable] = []
        for name in Set(names + NamedQuery.names).sorted() {
            do throws(ReportError) {
                entries.append(try entry(named: name))
            } catch {
                let path = "\(directory ?? "reports")/\(name).sql"
                unusable.append(Unusable(path: path, reason: error.description))
            }
        }
        return (entries, unusable)
    }

    /// A list of queries: names, values and what they answer.
    ///
    /// - Parameter isNarrow: whether long texts are cut off.
    package static func table(_ entries: [Entry], isNarrow: Bool = false) -> Table {
        Table(
            columns: [
                .init("name", title: "NAME"),
                .init("parameters", title: "VALUES", widest: isNarrow ? 40 : nil),
                .init("title", title: "WHAT IT ANSWERS", widest: isNarrow ? 70 : nil),
                .init("file", title: "FILE", widest: isNarrow ? 50 : nil),
                .init("used_by", title: "USED BY"),
            ],
            rows: entries.map { entry in
                let query = entry.query
                let usage = query.parameters.map(\.usage).joined(separator: " ")
                return [
                    .text(query.name), usage.isEmpty ? .none : .text(usage), .text(query.title),
                    entry.path.map { .text($0) } ?? .none, query.usedBy.map { .text($0) } ?? .none,
                ]
            })
    }
}
