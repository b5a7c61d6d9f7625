import CLinux
import Glibc

extension Directory {
    /// Writes a file that is never seen half written: under a name that nobody can guess, then
    /// renamed over `name`.
    ///
    /// The draft is locked for as long as its writer lives, so that others know whether to remove
    /// it.
    ///
    /// - Parameter sync: brings the content to the disk before it gets its name.
    package func replace(
        _ name: String, with bytes: some Collection<UInt8>, _ access: FileAccess,
        sync: (borrowing FileDescriptor) throws(SystemError) -> Void
    ) throws(SystemError) {
        for attempt in 1... {
            let draft = Self.draftName(of: name)
            do {
                let file = try open(draft, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
                _ = try? file.tryLock(.exclusive)
                try file.set(access)
                try file.write(bytes)
                try sync(file)
                return try rename(draft, to: name)
            } catch {
                try? unlink(draft)
                // Somebody took it for a dead process's before it was locked.
                if error.code != ENOENT || attempt == 3 { throw error }
            }
        }
    }

    /// Makes a draft of a file that takes longer to write, to be renamed or removed by the caller.
    ///
    /// It is locked for as long as it is open, by this process or one that was started with it.
    /// Somebody may take it for a dead process's before that; then renaming gives `ENOENT`.
    ///
    /// - Parameter flags: how it is opened.
    /// - Returns: its name, and the open file.
    package func draft(
        of name: String, _ access: FileAccess, flags: CInt = O_RDWR,
        lock: FlockMode = .exclusive
    ) throws(SystemError) -> Draft {
        let draft = Self.draftName(of: name)
        let file = try open(draft, flags | O_CREAT | O_EXCL, mode: 0o600)
        do {
            _ = try file.tryLock(lock)
            try file.set(access)
        } catch {
            try? unlink(draft)
            throw error
        }
        return Draft(name: draft, file: file)
    }

    /// A file that does not have its name yet.
    package struct Draft: ~Copyable {
        /// The name it has meanwhile.
        package let name: String
        /// The open file.
        package let file: FileDescriptor

        /// The open file, once it has its name.
        package consuming func take() -> FileDescriptor { file }
    }

    /// Removes drafts that nobody is writing any more, whatever name they were for.
    ///
    /// The lock tells; a writer whose draft is taken away before it has the lock begins again.
    ///
    /// - Parameters:
    ///   - drafts: names for which `isDraft` holds.
    ///   - age: how long nobody has written at least to drafts of an earlier version, in seconds: it
    ///     took no lock.
    package func removeDrafts(_ drafts: [String], notWrittenForSeconds age: Int = 60) {
        for name in drafts {
            guard
                let file = try? open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY),
                let status = try? file.status(), status.isRegularFile,
                Self.isLocked(name)
                    || status.modifiedAtUs
                        < Clock.wallMicroseconds() - Int64(age) * 1_000_000,
                (try? file.tryLock(.shared)) == true
            else { continue }
            try? unlink(name)
        }
    }

    /// Whether a name is one of a draft, of this or an earlier version.
    ///
    /// - Parameter name: what the draft was for; nil for anything.
    package static func isDraft(_ draft: String, of name: String? = nil) -> Bool {
        guard draft.hasPrefix("."), draft.hasSuffix(draftSuffix) else { return false }
        return name.map { draft.hasPrefix(draftPrefix(of: $0)) } ?? true
    }

    private static let draftSuffix = ".tmp"
    /// Of what nobody can guess, in hexadecimal; where earlier versions have a pid, which is shorter.
    private static let markLength = 16
    // With what surrounds it no longer than the longest name of a file, 255 bytes.
    private static let longestName = 200

    private static func draftPrefix(of name: String) -> String {
        let name = String(decoding: name.utf8.prefix(longestName), as: UTF8.self)
        return ".\(name)."
    }

    private static func draftName(of name: String) -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let mark = String(repeating: "0", count: markLength - digits.count) + digits
        return draftPrefix(of: name) + mark + draftSuffix
    }

    /// Whether a draft is of a version whose writers lock it.
    private static func isLocked(_ draft: String) -> Bool {
        draft.utf8.dropLast(draftSuffix.utf8.count)
            .reversed().prefix { $0 != UInt8(ascii: ".") }.count == markLength
    }
}
