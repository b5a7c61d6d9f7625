import Glibc
import Processes
import SystemCalls
import TestSupport
import Testing

@testable import DeployLock

@Suite struct SurvivingCommandTests {
    /// A deployment that has the lock and whose wrapper is dead.
    private func orphan() throws -> DeploymentFacts {
        let wrapper = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: wrapper.pid))
        wrapper.kill(SIGKILL)
        #expect(eventually { !process.isAlive })
        var facts = DeploymentFacts()
        facts.bootID = process.boot
        facts.pid = process.pid
        facts.processStart = process.startTime
        facts.deployment = "test-\(process.pid)-\(process.startTime)"
        facts.acquiredAtUs = 1
        return facts
    }

    @Test func `a surviving command is named by the facts`() throws {
        var facts = try orphan()
        let command = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: command.pid))
        facts.commandPid = process.pid
        facts.commandStart = process.startTime
        #expect(facts.survivingCommand == process)
        command.kill(SIGKILL)
        #expect(eventually { facts.survivingCommand == nil })
    }

    @Test func `a reused pid is not the surviving command`() throws {
        var facts = try orphan()
        let other = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: other.pid))
        facts.commandPid = process.pid
        facts.commandStart = process.startTime - 1
        #expect(facts.survivingCommand == nil)
        facts.commandStart = process.startTime
        facts.bootID = "another boot"
        #expect(facts.survivingCommand == nil)
    }

    @Test func `without a command in its facts nothing was ever executed`() throws {
        let facts = try orphan()
        let command = try ChildProcess(
            ["sleep", "600"], environment: ["DEPLOY_ID": facts.deployment])
        #expect(facts.survivingCommand == nil)
        command.kill(SIGKILL)
    }

    @Test func `a living keeper has the lock itself`() throws {
        var facts = try orphan()
        let command = try ChildProcess(["sleep", "600"])
        facts.commandPid = command.pid
        facts.commandStart = ProcessIdentity(running: command.pid)?.startTime
        facts.keeperPid = ProcessIdentity.current.pid
        facts.keeperStart = ProcessIdentity.current.startTime
        #expect(facts.survivingCommand == nil)
    }

    @Test func `a command in a pid namespace that cannot be seen may run`() throws {
        var facts = try orphan()
        facts.commandPid = 7
        facts.commandStart = 1
        facts.pidNamespace = 1
        let seesAll = geteuid() == 0 && Machine.pidNamespace == Machine.firstPidNamespace
        #expect((facts.survivingCommand == nil) == seesAll)
    }

    @Test func `a living wrapper has no survivor`() throws {
        var facts = try orphan()
        let command = try ChildProcess(["sleep", "600"])
        facts.commandPid = command.pid
        facts.commandStart = ProcessIdentity(running: command.pid)?.startTime
        facts.pid = ProcessIdentity.current.pid
        facts.processStart = ProcessIdentity.current.startTime
        #expect(facts.survivingCommand == nil)
    }
}
