import DeployLock
import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct WaitQueueTests {
    private func queue(_ directory: TemporaryDirectory) -> WaitQueue {
        WaitQueue(LockPaths(lockFile: directory.file("d.lock")))
    }

    private func take(
        _ queue: WaitQueue, highest: Int64 = 0, admits: (Int64) -> Bool = { _ in true }
    ) throws -> Ticket {
        var patient = Patient()
        let answer = try queue.takeTicket(
            monitor: &patient, highestKnown: { _ in highest }, admits: admits
        ) { number in
            var facts = DeploymentFacts()
            facts.number = number
            return (facts, ["{\"number\":\(number)}\nsecond line\n"])
        }
        switch consume answer {
        case .taken(let ticket): return ticket
        case .gaveUp(let failure): throw Refused(failure: failure)
        }
    }

    /// Waits for the gate, which a process that another test starts may keep until it execs.
    private struct Patient: WaitMonitor {
        let deadline: Int64? = nil
        let interruptDescriptor: CInt = -1
        let nextTick: Int64? = nil
        mutating func isInterrupted() -> Bool { false }
        mutating func isBlocked(by obstacle: WaitReason) {}
        mutating func tick() -> WaitFailure? { nil }
    }

    private struct Refused: Error { let failure: WaitFailure }

    @Test func `numbers increase and tickets live with their owner`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        let first = try take(queue)
        do {
            let second = try take(queue)
            #expect((first.number, second.number) == (1, 2))
            #expect(try queue.tickets().map(\.isLive) == [true, true])
        }
        // A process that another test starts just now has a copy of the descriptor until it execs.
        #expect(try eventually { try queue.tickets().map(\.isLive) == [true, false] })
        #expect(try queue.tickets(below: 2).map(\.number) == [1])
        first.remove()
        #expect(try queue.tickets().map(\.number) == [2])
    }

    @Test func `a ticket keeps facts and entries and the last facts count`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        let ticket = try take(queue)
        var facts = DeploymentFacts()
        facts.user = "later"
        ticket.note(facts, entries: ["third\n"])
        let text = try #require(try queue.tickets().first).text()
        #expect(text.facts == facts)
        #expect(text.entries == ["{\"number\":1}\nsecond line\n", "third\n"])
    }

    @Test func `a deployment that is not admitted leaves its words and nobody waits for it`() throws
    {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        let first = try take(queue)
        var asked: [Int64] = []
        let second = try take(queue) { number in
            // Nobody can join meanwhile.
            #expect(throws: Never.self) {
                let gate = try FileDescriptor.open(queue.paths.gateFile, O_RDWR)
                #expect(try !gate.tryLock(.exclusive))
            }
            asked.append(number)
            return false
        }
        #expect(asked == [2])
        #expect((first.number, second.number) == (1, 2))
        let tickets = try queue.tickets()
        #expect(tickets.map(\.isLive) == [true, false])
        #expect(tickets[1].text().entries == ["{\"number\":2}\nsecond line\n"])
        second.remove()
        #expect(try queue.tickets().count == 1)
    }

    @Test func `a truncated line of a ticket is left out`() {
        let text = TicketText(parsing: Array("event one\nevent tw".utf8))
        #expect(text.entries == ["one\n"])
        #expect(TicketText(parsing: []).facts == nil)
        #expect(TicketText(parsing: Array("no line end".utf8)).entries == [])
    }

    @Test func `a lost counter continues from the highest number known`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        #expect(try take(queue, highest: 41).number == 42)
        // Known now: nobody is asked any more.
        #expect(try take(queue, highest: 1000).number == 43)
        let file = try FileDescriptor.open(queue.paths.gateFile, O_RDWR)
        try file.write(Array("garbage garbage garbage\n".utf8), at: 0)
        #expect(try take(queue, highest: 7).number == 44)
    }

    @Test func `a counter of another boot is a lower bound and no more`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        #expect(try take(queue).number == 1)
        let gate = try FileDescriptor.open(queue.paths.gateFile, O_RDWR)
        let other = String(repeating: "0", count: 36)
        try gate.write(Array("00000000000000000007\n\(other)\n".utf8), at: 0)
        // The ledger knows of numbers that had not reached the disk when the power failed.
        #expect(try take(queue, highest: 12).number == 13)
        try gate.write(Array("00000000000000000020\n\(other)\n".utf8), at: 0)
        #expect(try take(queue, highest: 12).number == 21)
        // Known in this boot now: nobody is asked any more.
        #expect(try take(queue, highest: 1000).number == 22)
    }

    @Test func `a name that is taken is passed over and never replaced`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        #expect(try take(queue).number == 1)
        mkdir(queue.paths.queueDirectory + "/ticket-2", 0o755)
        let file = try FileDescriptor.open(
            queue.paths.queueDirectory + "/ticket-3", O_WRONLY | O_CREAT, mode: 0o600)
        try file.write(Array("theirs".utf8))
        #expect(try take(queue).number == 4)
        #expect(
            try FileSystem.read(queue.paths.queueDirectory + "/ticket-3") == Array("theirs".utf8))
    }

    @Test func `drafts of the dead are removed`() throws {
        let directory = try TemporaryDirectory()
        let queue = queue(directory)
        _ = try take(queue)
        let gone = try ChildProcess(["true"])
        _ = try gone.finish()
        let draft = "\(queue.paths.queueDirectory)/new-\(gone.pid)"
        _ = try FileDescriptor.open(draft, O_WRONLY | O_CREAT, mode: 0o600)
        queue.removeStaleFiles()
        #expect(!FileSystem.exists(draft))
    }

    @Test func `a missing directory is reported plainly`() throws {
        let directory = try TemporaryDirectory()
        let queue = WaitQueue(LockPaths(lockFile: directory.file("missing/d.lock")))
        do {
            _ = try take(queue)
            Issue.record("took a ticket without a directory")
        } catch let error as LockError {
            #expect(error.description.contains("\(directory.path)/missing; create it"))
        }
    }

    @Test func `the info file follows the name of the lock`() {
        #expect(LockPaths(lockFile: "/var/tmp/deploy.lock").infoFile == "/var/tmp/deploy.info")
        #expect(LockPaths(lockFile: "/var/tmp/x").infoFile == "/var/tmp/x.info")
        #expect(LockPaths(lockFile: "/var/tmp/x", infoFile: "/i").infoFile == "/i")
    }
}
