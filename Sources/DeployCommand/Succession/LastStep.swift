import CommandSupport
import Ledger
import Processes
import SystemCalls

/// What the step that ran when the wrapper was lost makes of a deployment: its end is recorded, and
/// no other step begins.
struct LastStep {
    private let state: StepState
    private let events: DeploymentEvents

    init(_ state: StepState, _ events: DeploymentEvents) {
        self.state = state
        self.events = events
    }

    /// That the command has exceeded its limit.
    ///
    /// - Parameter held: how long the deployment has had the lock, in µs.
    func overran(held: Int64) -> EventEnvelope {
        events.overran("max-duration", state.limitUs ?? 0, held: held)
    }

    /// A step that could not be started.
    func conclude(startFailure error: SystemError) -> (
        conclusion: Conclusion, event: EventEnvelope?
    ) {
        guard var conclusion = state.conclusion else {
            return (Conclusion(Ending(startFailure: error), commandUs: nil), nil)
        }
        return (finish(&conclusion), nil)
    }

    /// - Parameters:
    ///   - isOverdue: whether it was ended because its time was up.
    ///   - known: the events that stand in the ticket.
    func conclude(
        _ status: ExitStatus, isOverdue: Bool, known: [EventEnvelope]
    ) -> (conclusion: Conclusion, event: EventEnvelope?) {
        let took = Clock.monotonicMicroseconds() - state.sinceMonoUs
        guard var conclusion = state.conclusion else {
            var conclusion = Conclusion(
                Ending(status), commandUs: took, failedStep: isOverdue ? .overran : nil)
            if isOverdue {
                conclusion.code = ExitCodes.overran
                conclusion.reason = FailedStep.overran.rawValue
            }
            return (finish(&conclusion), nil)
        }
        switch state.step {
        case .command: return (finish(&conclusion), nil)
        case .health:
            conclusion.healthUs = state.beganMonoUs.map { Clock.monotonicMicroseconds() - $0 }
            let result: StepResult =
                isOverdue ? .timedOut : status.code == 0 ? .healthy : .unhealthy
            judge(result, &conclusion)
            let isKnown = known.contains {
                $0.event.kind == .healthChecked && $0.event.attempt == state.attempt
            }
            let event = events.healthChecked(
                attempt: Int(state.attempt ?? 0), of: Int(state.attempts ?? 0), result, status,
                took: took, printed: nil)
            return (finish(&conclusion), isKnown ? nil : event)
        case .rollback:
            conclusion.rollbackUs = state.beganMonoUs.map { Clock.monotonicMicroseconds() - $0 }
            let result: StepResult = isOverdue ? .timedOut : status.code == 0 ? .done : .failed
            conclusion.rollback = result
            let isKnown = known.contains { $0.event.kind == .rolledBack }
            let event = events.rolledBack(
                after: conclusion.failedStep, result, status, took: took,
                to: (state.lastGoodSha, state.lastGoodNumber))
            return (conclusion, isKnown ? nil : event)
        }
    }

    /// What one attempt says about the check, when no other one follows.
    private func judge(_ result: StepResult, _ conclusion: inout Conclusion) {
        if result == .healthy, state.isJudgedByCode == true, state.missing == 1 {
            conclusion.health = .healthy
        } else if result != .healthy, state.attempt == state.attempts {
            conclusion.health = .unhealthy
            conclusion.failedStep = .health
            conclusion.reason = FailedStep.health.rawValue
            conclusion.code = CInt(clamping: state.unhealthyCode)
        }
    }

    /// Notes the steps that were never reached.
    private func finish(_ conclusion: inout Conclusion) -> Conclusion {
        if conclusion.ending.failure != nil { return conclusion }
        if conclusion.failedStep == nil, state.isChecked == true, conclusion.health != .healthy {
            conclusion.leaveUnchecked(code: CInt(clamping: state.unhealthyCode))
        } else if let cause = conclusion.failedStep, state.rollsBack(on: cause) {
            conclusion.notReached = [StepState.Step.rollback.rawValue]
        }
        return conclusion
    }
}
