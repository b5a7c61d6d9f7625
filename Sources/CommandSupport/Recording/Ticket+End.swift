package import DeployLock
package import Ledger

extension Ticket {
    /// Ends a deployment whose command never ran with this event, unless a forced unlock has
    /// decided its outcome.
    ///
    /// - Returns: the events that tell the outcome now, and the forced unlock.
    package func end(with event: EventEnvelope) -> (events: [EventEnvelope], forced: UnlockNotice?)
    {
        var last = [event]
        let text = end { text in
            guard let text else { return [event.text] }
            last = text.entries.compactMap { EventEnvelope(text: $0) }
            return []
        }
        return (last, text?.forced)
    }
}
