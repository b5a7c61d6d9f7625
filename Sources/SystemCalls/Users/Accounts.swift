import Glibc
import Synchronization

/// What the machine knows of users and groups; each question is answered once per process.
///
/// Never by NSS (`getpwuid` and its like): glibc would load a module such as `libnss_systemd.so`
/// into a static program, which then crashes. The files are read here, and getent(1), which NSS
/// cannot crash, is asked for who is not in them.
final class Accounts: Sendable {
    static let shared = Accounts(
        passwd: "/etc/passwd", group: "/etc/group",
        directory: Getent(programs: ["/usr/bin/getent", "/bin/getent"]))

    private let passwd: String
    private let group: String
    private let directory: Getent
    private let known = Mutex(Known())

    /// Lists: they have an entry or two, and for its first dictionary of a kind a program searches all
    /// its conformances, which is a twentieth of what a deployment costs.
    private struct Known {
        var accounts: [(uid: uid_t, account: Account?)] = []
        var memberships: [(question: Membership, answer: Bool)] = []
    }

    private struct Membership: Equatable {
        let uid: uid_t
        let gid: gid_t
    }

    init(passwd: String, group: String, directory: Getent) {
        self.passwd = passwd
        self.group = group
        self.directory = directory
    }

    /// A user; nil when nobody knows it.
    func account(_ uid: uid_t) -> Account? {
        let known = self.known.withLock { $0.accounts.first { $0.uid == uid } }
        if let known { return known.account }
        let isWanted = { (account: Account) in account.uid == uid }
        let account =
            AccountFile.first(in: passwd) { Account($0).flatMap { isWanted($0) ? $0 : nil } }
            ?? directory.lines("passwd", String(uid)).lazy
            .compactMap { Account(AccountLine($0)) }.first(where: isWanted)
        self.known.withLock { $0.accounts.append((uid, account)) }
        return account
    }

    /// A user by name; nil when nobody knows it, asked afresh each time.
    func account(named name: String) -> Account? {
        let isWanted = { (account: Account) in account.name == name }
        return AccountFile.first(in: passwd) { Account($0).flatMap { isWanted($0) ? $0 : nil } }
            ?? directory.lines("passwd", name).lazy
            .compactMap { Account(AccountLine($0)) }.first(where: isWanted)
    }

    /// The number of a group; nil when nobody knows it, asked afresh each time.
    func groupID(named name: String) -> gid_t? {
        let number = { (line: AccountLine) in
            line.isEntry && line.name == name ? line.number(2) : nil
        }
        return AccountFile.first(in: group, number)
            ?? directory.lines("group", name).lazy.compactMap { number(AccountLine($0)) }.first
    }

    /// The name of a group; nil when nobody knows it.
    func groupName(_ gid: gid_t) -> String? {
        let isWanted = { (line: AccountLine) in
            line.isEntry && line.number(2) == gid ? line.name : nil
        }
        return AccountFile.first(in: group, isWanted)
            ?? directory.lines("group", String(gid)).lazy.compactMap { isWanted(AccountLine($0)) }
            .first
    }

    /// Whether a user is known to be in a group.
    func isMember(_ uid: uid_t, of gid: gid_t) -> Bool {
        let question = Membership(uid: uid, gid: gid)
        let known = self.known.withLock { $0.memberships.first { $0.question == question } }
        if let known { return known.answer }
        let answer = account(uid).map { isMember($0, of: gid) } ?? false
        self.known.withLock { $0.memberships.append((question, answer)) }
        return answer
    }

    /// Whether a user is known to be in a group, asked afresh each time.
    func isMember(_ account: Account, of gid: gid_t) -> Bool {
        if account.gid == gid { return true }
        // A group may stand on several lines.
        let isListed = AccountFile.first(in: group) { line in
            line.number(2) == gid && line.list(3).contains(account.name) ? true : nil
        }
        if isListed == true { return true }
        // The name, then the numbers of the groups.
        return directory.lines("initgroups", account.name).contains { line in
            line.split(separator: UInt8(ascii: " ")).dropFirst()
                .contains { AccountLine.number($0) == gid }
        }
    }
}

/// An entry of passwd(5), as far as it counts here.
struct Account: Hashable, Sendable {
    let name: String
    let uid: uid_t
    let gid: gid_t

    /// Nil for a line that is none, such as `+@netgroup` or one with too few fields.
    init?(_ line: AccountLine) {
        guard line.isEntry, let uid = line.number(2), let gid = line.number(3) else { return nil }
        self.name = line.name
        self.uid = uid
        self.gid = gid
    }
}
