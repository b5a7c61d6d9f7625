import FoundationEssentials
import Glibc
import JSON
import Processes
import SystemCalls

/// What a forced unlock leaves in the ticket of the deployment it ends: its wrapper, which may
/// still live, then knows why its command died and that its outcome is decided.
package struct ForcedMark: Decodable, Hashable, Sendable {
    /// The person.
    package var by: String
    /// Why, in that person's words.
    package var reason: String
    /// The inode of the lock file that was replaced while the deployment goes on; nil when its
    /// processes were ended instead.
    package var abandonedInode: Int64?

    enum CodingKeys: String, CodingKey {
        case by, reason
        case abandonedInode = "abandoned_inode"
    }

    /// Describes a forced unlock.
    package init(by: String, reason: String, abandonedInode: Int64? = nil) {
        self.by = by
        self.reason = reason
        self.abandonedInode = abandonedInode
    }

    /// Whether the deployment lost its lock and goes on.
    package var isAbandonment: Bool { abandonedInode != nil }

    init?(parsing json: [UInt8]) {
        guard let mark = try? JSONDecoder().decode(Self.self, from: Data(json)) else {
            return nil
        }
        self = mark
    }

    /// One line of JSON.
    var json: String {
        var object = JSONObject()
        object.set(CodingKeys.abandonedInode.rawValue, abandonedInode)
        object.set(CodingKeys.by.rawValue, by)
        object.set(CodingKeys.reason.rawValue, reason)
        return object.text
    }
}
