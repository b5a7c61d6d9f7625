import Glibc
import SystemCalls

/// A place in the queue: a file that its owner keeps locked for as long as it lives.
///
/// The kernel lets go of the lock when the process ends however it ends, so a ticket is alive
/// exactly while its process is. Its text grows by whole lines: `facts {…}` (the last one counts)
/// and entries that other layers keep here until they are safe elsewhere.
public struct Ticket: ~Copyable, Sendable {
    /// The deployment's number.
    public let number: Int64
    /// Where the file is.
    public let path: String
    /// Whether the last number was not known beside the lock: after a restart of the machine, or
    /// when somebody removed the queue.
    public let counterWasLost: Bool
    private let descriptor: FileDescriptor

    init(
        number: Int64, path: String, counterWasLost: Bool, descriptor: consuming FileDescriptor
    ) {
        self.number = number
        self.path = path
        self.counterWasLost = counterWasLost
        self.descriptor = descriptor
    }

    /// Whether no deployment runs inside this one any more; none can begin from then on.
    ///
    /// See `InnerMark`.
    public func closesToInnerDeployments() -> Bool {
        (try? descriptor.tryRecordLock(.exclusive)) ?? true
    }

    /// Adds new facts and other entries in one write; a full disk is no reason to stop.
    public func note(_ facts: HolderInfo?, entries: [String] = []) {
        try? descriptor.write(TicketText.encode(facts, entries: entries))
    }

    /// Lets the next in line pass; the file and its text stay.
    public func release() {
        try? descriptor.unlock()
    }

    /// Removes the file: nothing in it is needed any more.
    public func remove() {
        try? FileSystem.unlink(path)
    }
}

/// What stands in a ticket.
public struct TicketText: Hashable, Sendable {
    /// The newest facts.
    public let facts: HolderInfo?
    /// The other entries, in the order they were written; each may be several lines.
    public let entries: [String]

    private static let factsMark = "facts "
    private static let entryMark = "event "
    private static let continuationMark = "  "

    /// Reads a ticket's text; a last line cut short by a kill is left out.
    public init(parsing bytes: [UInt8]) {
        var facts: HolderInfo?
        var entries: [String] = []
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0
        for line in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n") {
            if let json = line.rest(after: Self.factsMark) {
                facts = HolderInfo(parsing: Array(json.utf8)) ?? facts
            } else if let entry = line.rest(after: Self.entryMark) {
                entries.append("\(entry)\n")
            } else if let more = line.rest(after: Self.continuationMark), let last = entries.last {
                entries[entries.count - 1] = "\(last)\(more)\n"
            }
        }
        self.facts = facts
        self.entries = entries
    }

    static func encode(_ facts: HolderInfo?, entries: [String]) -> [UInt8] {
        var text = ""
        if let facts {
            text += factsMark + String(decoding: facts.json(), as: UTF8.self) + "\n"
        }
        for entry in entries {
            for (index, line) in entry.split(separator: "\n").enumerated() {
                text += (index == 0 ? entryMark : continuationMark) + line + "\n"
            }
        }
        return Array(text.utf8)
    }
}

extension Substring {
    fileprivate func rest(after mark: String) -> Substring? {
        hasPrefix(mark) ? dropFirst(mark.count) : nil
    }
}
