import Glibc

/// Notices when a name stops leading to a file that is open here.
public struct NameWatch: ~Copyable, Sendable {
    /// The name.
    public let path: String
    private let identity: FileStatus.Identity
    private let notices: FileDescriptor?

    /// Starts to watch a file under its name.
    ///
    /// The kernel allows few watches per user (inotify(7), `max_user_instances`); without one the
    /// descriptor never becomes readable.
    public init(_ path: String, of identity: FileStatus.Identity) {
        self.path = path
        self.identity = identity
        do {
            let notices = try Self.open(path)
            descriptor = notices.rawValue
            self.notices = consume notices
        } catch {
            descriptor = -1
            notices = nil
        }
    }

    /// Readable when something happened to the name; negative, which poll(2) passes over, when
    /// nothing can be noticed.
    public let descriptor: CInt

    /// The number of the file that is open.
    public var inode: Int64 { Int64(truncatingIfNeeded: identity.inode) }

    /// Takes the notices out and looks where the name leads now.
    public func lookAgain() -> Place {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while descriptor >= 0, read(descriptor, &buffer, buffer.count) > 0 {}
        guard let now = try? FileSystem.status(path, followingLinks: false) else { return .gone }
        return now.identity == identity ? .same : .replaced
    }

    /// Where a name leads, compared with the file that is open.
    public enum Place: Hashable, Sendable {
        /// To that file.
        case same
        /// To another file.
        case replaced
        /// To none.
        case gone
    }

    /// Replacing or removing a name changes the number of links of its file, `IN_ATTRIB`.
    private static func open(_ path: String) throws(SystemError) -> FileDescriptor {
        // IN_NONBLOCK and IN_CLOEXEC are these by definition, inotify_init(2).
        let watch = FileDescriptor(
            owning: try checked("inotify_init1") { inotify_init1(O_NONBLOCK | O_CLOEXEC) })
        let mask = UInt32(IN_ATTRIB) | UInt32(IN_MOVE_SELF) | UInt32(IN_DELETE_SELF)
        try checked("inotify_add_watch", path) {
            inotify_add_watch(watch.rawValue, path, mask)
        }
        return watch
    }
}
