import Glibc
import Processes
import SystemCalls
import Testing

@testable import DeployLock

/// The table *reading → owner*: every situation of a lock, and who has it then.
///
/// The owner is the one that the next deployment has to wait for first: live tickets, then the lock
/// file, then what a dead deployment left running, then a deployment whose files were removed.
@Suite struct LockOwnerTests {
    /// What a row expects.
    enum Expected: Equatable {
        case nobody, deployment(Int64), runningOrphan(Int64), leftBehind(Int64), deadOrphan(Int64)
        case unrecorded(pid_t?), publishedProcess, unreadable(Int64)

        init(_ owner: LockOwner) {
            func number(_ claim: LockClaim) -> Int64 { claim.facts?.number ?? 0 }
            self =
                switch owner {
                case .nobody: .nobody
                case .deployment(let claim): .deployment(number(claim))
                case .runningOrphan(let claim): .runningOrphan(number(claim))
                case .leftBehind(let claim): .leftBehind(number(claim))
                case .deadOrphan(let claim): .deadOrphan(number(claim))
                case .unrecorded(let pid, let facts):
                    facts == nil ? .unrecorded(pid) : .publishedProcess
                case .unreadable(let file, _): .unreadable(file.number)
                }
        }
    }

    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let expected: Expected
        let reading: LockReading

        init(_ name: String, _ expected: Expected, _ build: (inout LockReading) -> Void) {
            testDescription = name
            self.expected = expected
            var reading = LockReading()
            build(&reading)
            self.reading = reading
        }
    }

    /// A pid of deployment `number`'s wrapper; none of these processes is asked for.
    private static func wrapperPid(_ number: Int64) -> pid_t { pid_t(2_000_000_000 + number) }

    private static let stranger: pid_t = 2_000_001_000

    private static func ticket(
        _ number: Int64, live: Bool, acquired: Bool = true, ended: Bool = false,
        concluded: Bool = false, wrapper: ProcessIdentity.Liveness? = nil,
        keeper: ProcessIdentity.Liveness? = nil, command: ProcessIdentity.Liveness? = nil
    ) -> LockClaim {
        var claim = LockClaim(
            .ticket(TicketFile(number: number, path: "/q/ticket-\(number)")),
            facts: facts(number, acquired: acquired))
        (claim.isLive, claim.hasEnded, claim.isConcluded) = (live, ended, concluded)
        claim.wrapper = wrapper ?? (live ? .alive : .dead)
        (claim.keeper, claim.command) = (keeper, command)
        return claim
    }

    private static func facts(_ number: Int64, acquired: Bool) -> DeploymentFacts {
        var facts = DeploymentFacts()
        facts.number = number
        facts.deployment = "deployment-\(number)"
        facts.bootID = Machine.bootID
        facts.pidNamespace = Machine.pidNamespace
        facts.pid = wrapperPid(number)
        facts.processStart = 1
        facts.keeperPid = wrapperPid(number) + 250
        facts.keeperStart = 1
        facts.commandPid = wrapperPid(number) + 500
        facts.commandStart = 1
        facts.acquiredAtUs = acquired ? 1 : nil
        return facts
    }

    private static func published(
        _ number: Int64, wrapper: ProcessIdentity.Liveness?,
        keeper: ProcessIdentity.Liveness? = nil, command: ProcessIdentity.Liveness? = nil,
        acquired: Bool = true
    ) -> LockClaim {
        var claim = LockClaim(.published, facts: facts(number, acquired: acquired))
        (claim.wrapper, claim.keeper, claim.command) = (wrapper, keeper, command)
        claim.isProvablyDead = wrapper == .dead
        return claim
    }

    private static func unreadable(_ number: Int64) -> LockClaim {
        let path = "/q/ticket-\(number)"
        var claim = LockClaim(.ticket(TicketFile(number: number, path: path)))
        claim.error = SystemError("open", path, code: EACCES)
        return claim
    }

    /// Marks that a ticket's wrapper took the lock file and its ticket.
    private static func took(_ number: Int64, _ reading: inout LockReading) {
        reading.taker = wrapperPid(number)
        for index in reading.tickets.indices
        where reading.tickets[index].facts?.number == number {
            reading.tickets[index].taker = wrapperPid(number)
        }
    }

    static let plain: [Row] = [
        Row("nothing at all", .nobody) { _ in },
        Row("a holder that the kernel confirms", .deployment(1)) {
            $0.tickets = [ticket(1, live: true), ticket(2, live: true, acquired: false)]
            took(1, &$0)
        },
        Row("a holder the kernel's list does not show, as in a container", .deployment(1)) {
            $0.tickets = [ticket(1, live: true, wrapper: .unknown)]
        },
        Row("waiters alone, before the first has locked the file", .nobody) {
            $0.tickets = [ticket(2, live: true, acquired: false)]
        },
        Row("the first in line has locked the file and not said so yet", .deployment(2)) {
            $0.tickets = [ticket(2, live: true, acquired: false)]
            took(2, &$0)
        },
        Row("the wrapper was killed, its keeper has lock and ticket", .runningOrphan(1)) {
            $0.tickets = [ticket(1, live: true, wrapper: .dead, keeper: .alive, command: .alive)]
            took(1, &$0)
        },
        Row("the holder has said its end and is letting go", .deployment(1)) {
            $0.tickets = [ticket(1, live: true, ended: true)]
            took(1, &$0)
        },
        Row("a real holder beside a ticket that only says it holds", .deployment(2)) {
            $0.tickets = [ticket(1, live: true), ticket(2, live: true)]
            took(2, &$0)
        },
        Row("flock(1) has the lock", .unrecorded(stranger)) {
            $0.taker = stranger
            $0.takerLives = true
        },
        Row("flock(1) has the lock and others wait", .unrecorded(stranger)) {
            $0.tickets = [ticket(2, live: true, acquired: false)]
            $0.taker = stranger
        },
        Row("an older script has the lock and published itself", .publishedProcess) {
            $0.published = published(7, wrapper: nil, acquired: false)
            $0.taker = wrapperPid(7)
        },
        Row("held by somebody whom nothing names", .unrecorded(nil)) { $0.isHeldUnseen = true },
    ]

    static let orphans: [Row] = [
        Row("wrapper and keeper died, the command inherited the lock", .runningOrphan(1)) {
            $0.tickets = [ticket(1, live: false, command: .alive)]
            took(1, &$0)
        },
        Row("the command closed the lock and runs on", .runningOrphan(1)) {
            $0.tickets = [ticket(1, live: false, command: .alive)]
        },
        Row("the command is in another pid namespace and may run", .runningOrphan(1)) {
            $0.tickets = [ticket(1, live: false, command: .unknown)]
        },
        Row("the next in line waits with the lock for such a command", .runningOrphan(1)) {
            $0.tickets = [
                ticket(1, live: false, command: .alive), ticket(2, live: true, acquired: false),
            ]
            took(2, &$0)
        },
        Row("a daemon of a dead deployment holds what it inherited", .leftBehind(1)) {
            $0.tickets = [ticket(1, live: false, command: .dead)]
            took(1, &$0)
        },
        Row("the same in a container, which does not name the taker", .leftBehind(1)) {
            $0.tickets = [ticket(1, live: false, command: .dead)]
            $0.isHeldUnseen = true
        },
        Row("the same after its ticket was removed, by the published facts", .leftBehind(1)) {
            $0.published = published(1, wrapper: .dead, command: .dead)
            $0.isPublishedWithoutTicket = true
            $0.taker = wrapperPid(1)
        },
        Row("the same with nothing left but the daemon's environment", .leftBehind(1)) {
            $0.taker = wrapperPid(1)
            $0.starters = [LockClaim(.environment, facts: facts(1, acquired: false))]
        },
        Row("everything of it died", .deadOrphan(1)) {
            $0.tickets = [ticket(1, live: false, command: .dead)]
        },
        Row("of two that died the newer one", .deadOrphan(2)) {
            $0.tickets = [ticket(1, live: false), ticket(2, live: false)]
        },
        Row("it died after it said how it ended", .nobody) {
            $0.tickets = [ticket(1, live: false, ended: true, command: .alive)]
        },
        Row("it died, but its ticket has the event of its end", .nobody) {
            $0.tickets = [ticket(1, live: false, concluded: true, command: .dead)]
        },
        Row("it let go of its ticket and lives: its last step", .nobody) {
            $0.tickets = [ticket(1, live: false, wrapper: .alive)]
        },
        Row("only published facts of a dead process are left", .deadOrphan(1)) {
            $0.published = published(1, wrapper: .dead, acquired: false)
        },
        Row("published facts of a process that cannot be judged", .nobody) {
            $0.published = published(1, wrapper: .unknown)
        },
        Row("a waiter died", .nobody) { $0.tickets = [ticket(2, live: false, acquired: false)] },
    ]

    static let removed: [Row] = [
        Row("lock file and queue were removed under a holder", .deployment(1)) {
            $0.published = published(1, wrapper: .alive)
            $0.isPublishedWithoutTicket = true
        },
        Row("and under a running orphan", .runningOrphan(1)) {
            $0.published = published(1, wrapper: .dead, command: .alive)
            $0.isPublishedWithoutTicket = true
        },
        Row("only the queue was removed, and then the wrapper killed", .runningOrphan(1)) {
            $0.published = published(1, wrapper: .dead, keeper: .alive, command: .alive)
            $0.isPublishedWithoutTicket = true
            $0.taker = wrapperPid(1)
        },
        Row("and the next one waits for it with the new lock", .deployment(1)) {
            $0.published = published(1, wrapper: .alive)
            $0.isPublishedWithoutTicket = true
            $0.tickets = [ticket(2, live: true, acquired: false)]
            took(2, &$0)
        },
        Row("only the queue was removed", .deployment(1)) {
            $0.published = published(1, wrapper: .alive)
            $0.isPublishedWithoutTicket = true
            $0.taker = wrapperPid(1)
        },
        Row("only the ledger knows it", .deployment(0)) {
            $0.recorded = [ProcessIdentity(boot: Machine.bootID, pid: stranger, startTime: 1)]
        },
        Row("published facts whose deployment is known to have given way", .nobody) {
            $0.published = published(1, wrapper: .alive)
        },
    ]

    /// Where status and forced unlock once said different things, with the reason for what is said
    /// now.
    static let decided: [Row] = [
        // Everybody waits for a live ticket first, whoever has locked a new file of that name.
        Row("a holder whose lock file was replaced and locked by flock(1)", .deployment(1)) {
            $0.tickets = [ticket(1, live: true)]
            $0.taker = stranger
        },
        // The lock file comes before what a dead deployment left: ending the orphan frees nothing.
        Row("flock(1) has the lock that an orphan's command closed", .unrecorded(stranger)) {
            $0.tickets = [ticket(1, live: false, command: .alive)]
            $0.taker = stranger
            $0.takerLives = true
        },
        // Status called it free while every deployment waited for it in vain.
        Row("a dead deployment's ticket cannot be read", .unreadable(1)) {
            $0.tickets = [unreadable(1)]
        },
        // A forced unlock called it free; the kernel says that it is held.
        Row("held, seen by nobody, beside a deployment that died", .leftBehind(1)) {
            $0.tickets = [ticket(1, live: false, command: .dead)]
            $0.isHeldUnseen = true
        },
        // It called it a dead orphan; what cannot be seen may run, and the next one waits for it.
        Row("a forced unlock meets a command of another pid namespace", .runningOrphan(1)) {
            $0.tickets = [ticket(1, live: false, command: .unknown)]
        },
    ]

    @Test(arguments: plain + orphans + removed + decided)
    func `the owner of a lock follows from the reading`(_ row: Row) {
        #expect(Expected(LockOwner(row.reading)) == row.expected, "\(row.testDescription)")
    }
}
