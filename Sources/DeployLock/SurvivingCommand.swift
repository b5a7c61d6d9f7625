import Glibc
import SystemCalls

extension HolderInfo {
    /// The command of a deployment whose wrapper died without a word, if it still runs.
    ///
    /// Usually the facts name it. A wrapper that was killed between starting the command and noting
    /// its pid leaves a command that only its environment tells; the initial environment stays
    /// readable for the same user and for root, proc(5) `/proc/[pid]/environ`.
    var survivingCommand: ProcessIdentity? {
        guard acquiredAtUs != nil, bootID == Machine.bootID, process?.isAlive != true else {
            return nil
        }
        // A command that cannot be seen may run: waiting too long is safe, overlapping is not.
        if let commandProcess { return commandProcess.isDead ? nil : commandProcess }
        guard let deployment else { return nil }
        for name in (try? FileSystem.entries(of: "/proc")) ?? [] {
            guard let pid = pid_t(name), pid != getpid(),
                ProcessIdentity.variable("DEPLOY_ID", of: pid) == deployment
            else { continue }
            if let found = ProcessIdentity(running: pid) { return found }
        }
        return nil
    }
}
