import CommandSupport
import DeployLock
import Processes
import SystemCalls

/// What happens with kept output once the lock is free: the rest of it is shown, the end of what a
/// failed command printed once more, and a process of its own clears away.
struct OutputEnd {
    private let context: DeploymentContext
    private let output: KeptOutput

    init(_ context: DeploymentContext, _ output: KeptOutput) {
        self.context = context
        self.output = output
    }

    /// Does it.
    func run(_ number: Int64, _ conclusion: Conclusion) {
        if conclusion.ending.failure != nil { return output.discard() }
        for words in output.finish(signals: context.signals) { context.say(words) }
        if conclusion.ending.code != 0 { repeatEnd(number) }
        guard let plan = context.plan.output else { return }
        let lock = conclusion.code == 0 ? nil : context.plan.paths.lockFile
        LogRotation.run(plan, output.name, failedUnder: lock)
        do throws(SystemError) {
            try LogUpkeep(directory: plan.directory, log: output.name).start()
        } catch {
            context.explain("kept output is not compressed: \(error)")
        }
    }

    /// Where a CI system folds the output away, this is what can be seen.
    private func repeatEnd(_ number: Int64) {
        let lines = output.tail
        guard !lines.isEmpty else { return }
        context.say("the end of the output of #\(number) (all of it is in \(output.path)):")
        // Harmless already; a tab stays one.
        for line in lines { Terminal.write("  \(line)\n") }
    }
}
