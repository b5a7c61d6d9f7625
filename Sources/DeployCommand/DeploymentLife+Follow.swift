import CommandSupport
import DeployLock
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
        if conclusion.ending.failure != nil || isDecided(ticket) { return }
        if conclusion.failedStep == nil, let health = plan.health {
            var check = HealthCheck(self, health)
            check.run(&conclusion, &command, lock, ticket)
        }
        guard let cause = conclusion.failedStep, let rollback = plan.rollback,
            rollback.causes.contains(cause), !isDecided(ticket)
        else { return }
        Rollback(life: self, plan: rollback).run(after: cause, &conclusion, &command, lock, ticket)
    }
}
