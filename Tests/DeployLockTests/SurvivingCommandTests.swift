import Glibc
import SystemCalls
import TestSupport
import Testing

@testable import DeployLock

@Suite struct SurvivingCommandTests {
    /// A deployment that has the lock and whose wrapper is dead.
    private func orphan() throws -> HolderInfo {
        let wrapper = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: wrapper.pid))
        wrapper.kill(SIGKILL)
        #expect(eventually { !process.isAlive })
        var facts = HolderInfo()
        facts.bootID = process.boot
        facts.pid = process.pid
        facts.processStart = process.startTime
        facts.deployment = "test-\(process.pid)-\(process.startTime)"
        facts.acquiredAtUs = 1
        return facts
    }

    @Test func theFactsNameIt() throws {
        var facts = try orphan()
        let command = try ChildProcess(["sleep", "600"])
        let process = try #require(ProcessIdentity(running: command.pid))
        facts.commandPid = process.pid
        facts.commandStart = process.startTime
        #expect(facts.survivingCommand == process)
        command.kill(SIGKILL)
        #expect(eventually { facts.survivingCommand == nil })
    }

    @Test func aPidThatIsUsedAgainIsNotIt() throws {
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

    @Test func aWrapperKilledBeforeItNotedThePidLeavesTheEnvironmentToTell() throws {
        let facts = try orphan()
        #expect(facts.survivingCommand == nil)
        let command = try ChildProcess(
            ["sleep", "600"], environment: ["DEPLOY_ID": facts.deployment])
        #expect(eventually { facts.survivingCommand?.pid == command.pid })
    }

    @Test func aLivingWrapperHasNoSurvivor() throws {
        var facts = try orphan()
        let command = try ChildProcess(["sleep", "600"])
        facts.commandPid = command.pid
        facts.commandStart = ProcessIdentity(running: command.pid)?.startTime
        facts.pid = ProcessIdentity.current.pid
        facts.processStart = ProcessIdentity.current.startTime
        #expect(facts.survivingCommand == nil)
    }
}
