import CommandSupport
import DeployLock
import Glibc
import Ledger
@testable import DeployCommand
import SystemCalls
import TestSupport
import Testing

/// What the moment in which a lock came free says of those who died.
@Suite struct LastAliveTests {
    /// Tickets of deployments that had the lock, one after the other, and died.
    private func queue(_ directory: TemporaryDirectory, _ numbers: [Int64]) throws -> WaitQueue {
        let queue = WaitQueue(LockPaths(lockFile: directory.file("d.lock")))
        try FileSystem.makeDirectory(queue.paths.queueDirectory, mode: 0o755)
        for number in numbers {
            var facts = DeploymentFacts()
            facts.number = number
            facts.deployment = Self.id(number).description
            facts.acquiredAtUs = number * 1000
            let file = try FileDescriptor.open(
                queue.ticket(number).path, O_WRONLY | O_CREAT, mode: 0o644)
            try file.write(Array("facts ".utf8) + facts.json() + Array("\n".utf8))
        }
        return queue
    }

    private static func id(_ number: Int64) -> EventID {
        .derived(from: "test", place: UInt8(number), atUs: number)
    }

    private func lastAlive(_ queue: WaitQueue, to number: Int64) -> [LastAlive] {
        StaleTickets(queue, lockCameFreeAt: 2000, to: number) { _ in true }
            .sweep(lock: queue.paths.lockFile, recordedBy: nil).leftovers().lastAlive
    }

    @Test func `the last sign of life is that of the holder before`() throws {
        let directory = try TemporaryDirectory()
        let queue = try queue(directory, [1])
        #expect(lastAlive(queue, to: 2) == [LastAlive(Self.id(1), atUs: 2000)])
    }

    @Test func `the last sign of life is empty for a later holder`() throws {
        let directory = try TemporaryDirectory()
        #expect(lastAlive(try queue(directory, [3]), to: 2) == [])
        let other = try TemporaryDirectory()
        #expect(
            lastAlive(try queue(other, [1, 3]), to: 2) == [LastAlive(Self.id(1), atUs: 2000)])
    }
}
