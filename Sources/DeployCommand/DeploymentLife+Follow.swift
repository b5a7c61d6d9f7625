import CommandSupport
import DeployLock
import Ledger
import Processes

extension DeploymentLife {
    /// Checks and rolls back, as far as that is planned.
    ///
    /// - Parameters:
    ///   - conclusion: what has become of the deployment so far, and then what did in the end.
    ///   - command: what the keeper keeps: the command, then the last step that could be started.
    func follow(
        _ conclusion: inout Conclusion, _ command: inout KeptCommand?, _ lock: borrowing LockFile,
        _ ticket: borrowing Ticket
    ) {
        // What was never executed has changed nothing.
        if conclusion.ending.failure != nil { return }
        if conclusion.failedStep == nil, let health = plan.health {
            if !isDecided(ticket) {
                var check = HealthCheck(self, health)
                check.run(&conclusion, &command, lock, ticket)
            }
            // A forced unlock came first: nobody may take that for a success.
            if conclusion.failedStep == nil, conclusion.health != .healthy {
                conclusion.leaveUnchecked(code: health.exitCode)
            }
        }
        guard let cause = conclusion.failedStep, let rollback = plan.rollback,
            rollback.causes.contains(cause)
        else { return }
        if isDecided(ticket) {
            conclusion.notReached = [StepState.Step.rollback.rawValue]
            return
        }
        Rollback(life: self, plan: rollback).run(after: cause, &conclusion, &command, lock, ticket)
    }
}
