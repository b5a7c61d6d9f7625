import Glibc
import TestSupport
import Testing

@Suite struct FifoTests {
    private static let note = ["sh", "-c", "echo $DEPLOY_NUMBER >> $HERE/order"]

    @Test func `two hundred waiters get the lock in the order of their tickets`() throws {
        let fixture = try Fixture()
        let busy = try (0..<3).map { _ in try ChildProcess(["sh", "-c", "while :; do :; done"]) }
        let holder = try fixture.hold("first")
        var waiters: [ChildProcess] = []
        for _ in 0..<200 {
            waiters.append(try fixture.start(["--quiet"] + Self.note))
            usleep(5000)
        }
        #expect(eventually { fixture.tickets.count == 201 })
        fixture.letGo("first")
        #expect(try holder.finish().code == 0)
        for waiter in waiters { #expect(try waiter.finish().code == 0) }
        busy.forEach { Glibc.kill($0.pid, SIGKILL) }
        #expect(fixture.lines("order") == (2...201).map(String.init))
    }

    @Test func `a waiter killed in the middle is passed over at once`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("first")
        var waiters: [ChildProcess] = []
        for count in 1...5 {
            waiters.append(try fixture.start(Self.note))
            #expect(eventually { fixture.tickets.count == count + 1 })
        }
        let middle = waiters.remove(at: 2)
        #expect(eventually { middle.errors.contains("position 3") })
        middle.kill(SIGKILL)
        _ = try middle.finish()
        // One more sees only the living ahead of it.
        let last = try fixture.start(Self.note)
        #expect(eventually { last.errors.contains("position 5,") })
        fixture.letGo("first")
        for waiter in waiters + [holder, last] { #expect(try waiter.finish().code == 0) }
        #expect(fixture.lines("order") == ["2", "3", "5", "6", "7"])
        try fixture.settle()
        #expect(try fixture.events(4) == ["requested", "cancelled cancelled"])
        #expect(try fixture.query("SELECT reason FROM deployment WHERE number = 4") == ["died"])
    }

    @Test func `newcomers never overtake in the instant of release`() throws {
        let fixture = try Fixture()
        for round in 0..<10 {
            let holder = try fixture.hold("r\(round)")
            let waiter = try fixture.start(Self.note)
            #expect(eventually { waiter.errors.contains("waiting for") })
            var newcomers: [ChildProcess] = []
            for count in 0..<8 {
                if count == 3 { fixture.letGo("r\(round)") }
                newcomers.append(try fixture.start(["--quiet", "--no-wait"] + Self.note))
            }
            for child in [holder, waiter] + newcomers { _ = try child.finish() }
            #expect(try waiter.finish().code == 0)
        }
        let order = fixture.lines("order").compactMap(Int.init)
        #expect(order.count >= 10)
        #expect(order == order.sorted())
    }

    @Test func `numbering continues after the counter is lost`() throws {
        let fixture = try Fixture()
        #expect(try fixture.run(["true"]).code == 0)
        #expect(try fixture.run(["true"]).code == 0)
        // As a restart of the machine does where both are on a tmpfs.
        #expect(
            try ChildProcess.run(["rm", "-rf", fixture.lock, fixture.lock + ".queue"]).code == 0)
        #expect(try fixture.run(Self.note).code == 0)
        #expect(fixture.lines("order") == ["3"])
    }

    @Test func `a lock that existed before explains once why numbers start high`() throws {
        let fixture = try Fixture()
        #expect(try ChildProcess.run(["flock", fixture.lock, "true"]).code == 0)
        let first = try fixture.run(["sh", "-c", "echo $DEPLOY_NUMBER"])
        #expect(Int(first.output.dropLast()) ?? 0 > 1_700_000_000, "\(first)")
        #expect(first.errors.contains("numbers begin at the seconds since 1970"), "\(first.errors)")
        let second = try fixture.run(["true"])
        #expect(!second.errors.contains("since 1970"), "\(second.errors)")
    }

    @Test func `a waiter gives up at its deadline and makes room`() throws {
        let fixture = try Fixture()
        let holder = try fixture.hold("first")
        let impatient = try fixture.run(["--timeout", "0.3s", "true"])
        #expect(impatient.code == 1)
        #expect(impatient.errors.contains(/#2 gave up after [0-9.]+m?s, nothing was run/))
        fixture.letGo("first")
        #expect(try holder.finish().code == 0)
        #expect(try fixture.events(2) == ["requested", "timed_out timed_out"])
        #expect(
            try fixture.query("SELECT wait_us >= 300000 FROM deployment WHERE number = 2") == ["1"])
        #expect(fixture.tickets == [])
    }

    @Test func `a waiter is told how long deployments like the holder usually take`() throws {
        let fixture = try Fixture()
        func told(_ name: String) throws -> String {
            try fixture.settle()
            let holder = try fixture.hold(name)
            let waiter = try fixture.run(["--timeout", "0.3s", "true"])
            fixture.letGo(name)
            #expect(try holder.finish().code == 0)
            return waiter.errors
        }
        #expect(try fixture.run(["true"]).code == 0)
        let first = try told("first")
        #expect(first.contains(/; the last one like it took [0-9.]+m?s; .*deploy.lock/), "\(first)")
        #expect(!first.contains("median"))
        // By now there are two that succeeded.
        let second = try told("second")
        #expect(second.contains(/; usually [0-9.]+m?s \(median of 2\); .*deploy.lock/), "\(second)")
    }
}
