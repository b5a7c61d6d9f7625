import Glibc
package import JSON
import Processes
import SystemCalls

/// What a forced unlock leaves in the ticket of the deployment it ends: its wrapper, which may
/// still live, then knows why its command died and that its outcome is decided.
package struct UnlockNotice: Hashable, Sendable {
    /// The person.
    package var by: String
    /// Why, in that person's words.
    package var reason: String
    /// The inode of the lock file that was replaced while the deployment goes on; nil when its
    /// processes were ended instead.
    package var abandonedInode: Int64?

    /// Describes a forced unlock.
    package init(by: String, reason: String, abandonedInode: Int64? = nil) {
        self.by = by
        self.reason = reason
        self.abandonedInode = abandonedInode
    }

    /// Whether the deployment lost its lock and goes on.
    package var isAbandonment: Bool { abandonedInode != nil }

    /// Reads the JSON form; nil for anything else.
    init?(parsing json: [UInt8]) {
        guard let members = CanonicalMembers(json) else { return nil }
        self.init(by: "", reason: "")
        do { try read(members) } catch { return nil }
    }
}

extension UnlockNotice: RecordFields {
    /// All members, in the order of their keys.
    package mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor) {
        visitor.visit("abandoned_inode", &abandonedInode)
        visitor.require("by", &by)
        visitor.require("reason", &reason)
    }
}
