import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct LockUntilTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.file("lock") }

    init() throws { directory = try TemporaryDirectory() }

    private func open() throws -> FileDescriptor {
        try .open(path, O_RDWR | O_CREAT, mode: 0o600)
    }

    @Test func `a free lock is taken at once, even when it is too late`() throws {
        let file = try open()
        #expect(try file.lock(.exclusive, until: 0))
    }

    @Test func `a lock that stays taken is waited for until the deadline`() throws {
        let holder = try open()
        #expect(try holder.tryLock(.exclusive))
        let waiter = try open()
        for wait: Int64 in [0, 30_000, 1000] {
            let deadline = Clock.monotonicMicroseconds() + wait
            #expect(try !waiter.lock(.exclusive, until: deadline))
            #expect(Clock.monotonicMicroseconds() >= deadline)
        }
        #expect(try !open().tryLock(.shared))
    }

    @Test func `a lock that comes free is taken`() throws {
        let holder = try open()
        #expect(try holder.tryLock(.exclusive))
        var thread = pthread_t()
        let number = UnsafeMutableRawPointer(bitPattern: Int(holder.rawValue))
        let code = pthread_create(
            &thread, nil,
            { number in
                flock(CInt(Int(bitPattern: number)), LOCK_UN)
                return nil
            }, number)
        try #require(code == 0)
        let waiter = try open()
        let deadline = Clock.monotonicMicroseconds() + 60_000_000
        #expect(try waiter.lock(.exclusive, until: deadline))
        pthread_join(thread, nil)
        #expect(try !open().tryLock(.shared))
    }
}
