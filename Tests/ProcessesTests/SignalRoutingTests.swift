import Glibc
@testable import Processes
@testable import SystemCalls
import Testing

@Suite struct SignalRoutingTests {
    private func signal(_ number: CInt, fromKernel: Bool, sender: pid_t = 4711) -> ReceivedSignal {
        ReceivedSignal(number: number, isFromKernel: fromKernel, sender: sender)
    }

    @Test(arguments: SignalInbox.forwarded)
    func `the witness is asked only where the command may have had the signal`(
        _ number: CInt
    ) {
        let sent = signal(number, fromKernel: false)
        for leads in [true, false] {
            for early in [true, false] {
                #expect(
                    SignalRouting(sharesGroup: true, leadsSession: leads)
                        .route(sent, mayBeEarly: early) == .askWitness)
                #expect(
                    SignalRouting(sharesGroup: false, leadsSession: leads)
                        .route(sent, mayBeEarly: early) == .forward)
            }
        }
        // The first process ends whole cgroups, and others its own child alone.
        let stop = signal(number, fromKernel: false, sender: 1)
        #expect(
            SignalRouting(sharesGroup: false, leadsSession: false).route(stop, mayBeEarly: false)
                == .askWitness)
    }

    @Test(arguments: [SIGINT, SIGQUIT])
    func `a key at the terminal reached a command in our group already`(_ number: CInt) {
        let key = signal(number, fromKernel: true)
        #expect(
            SignalRouting(sharesGroup: true, leadsSession: false).route(key, mayBeEarly: false)
                == .drop)
        #expect(
            SignalRouting(sharesGroup: true, leadsSession: true).route(key, mayBeEarly: false)
                == .drop)
        #expect(
            SignalRouting(sharesGroup: false, leadsSession: false).route(key, mayBeEarly: false)
                == .forward)
    }

    @Test(arguments: [SIGINT, SIGQUIT, SIGHUP])
    func `a signal from before the command has not reached it, if not the keeper`(
        _ number: CInt
    ) {
        let key = signal(number, fromKernel: true)
        #expect(
            SignalRouting(sharesGroup: true, leadsSession: false).route(key, mayBeEarly: true)
                == .askWitness)
        #expect(
            SignalRouting(sharesGroup: false, leadsSession: false).route(key, mayBeEarly: true)
                == .forward)
    }

    @Test func `a hang-up reached only the leader of the session`() {
        let hangUp = signal(SIGHUP, fromKernel: true)
        #expect(
            SignalRouting(sharesGroup: true, leadsSession: true).route(hangUp, mayBeEarly: false)
                == .forward)
        #expect(
            SignalRouting(sharesGroup: true, leadsSession: false).route(hangUp, mayBeEarly: false)
                == .drop)
    }
}

@Suite struct SignalDeliveryTests {
    private let routing = SignalRouting(sharesGroup: true, leadsSession: false)
    private let term = ReceivedSignal(number: SIGTERM, isFromKernel: false, sender: 7)

    /// Whatever comes of what waits, once its time is up and the keeper has answered.
    private func settle(_ delivery: inout SignalDelivery) -> [CInt] {
        var sent: [CInt] = []
        while delivery.deadline != nil {
            sent += delivery.due(isWitnessed: true)
            if let question = delivery.question() { delivery.isAnswered(question) }
            usleep(1000)
        }
        return sent + delivery.due(isWitnessed: true)
    }

    @Test func `a signal that the keeper had, too, is not passed on`() {
        for isReportFirst in [true, false] {
            var delivery = SignalDelivery()
            if isReportFirst { delivery.witnessed(SIGTERM, from: 7) }
            delivery.add(term, routing)
            if !isReportFirst { delivery.witnessed(SIGTERM, from: 7) }
            #expect(settle(&delivery) == [])
        }
    }

    @Test func `a signal that the keeper had not is passed on once`() {
        var delivery = SignalDelivery()
        delivery.add(term, routing)
        #expect(delivery.due(isWitnessed: true) == [])
        #expect(settle(&delivery) == [SIGTERM])
        #expect(delivery.due(isWitnessed: true) == [])
    }

    @Test func `another sender or another signal is no witness`() {
        var delivery = SignalDelivery()
        delivery.witnessed(SIGTERM, from: 8)
        delivery.witnessed(SIGINT, from: 7)
        delivery.add(term, routing)
        #expect(settle(&delivery) == [SIGTERM])
    }

    @Test func `a keeper's report expires`() {
        var delivery = SignalDelivery()
        delivery.witnessed(SIGTERM, from: 7)
        usleep(120_000)
        _ = delivery.due(isWitnessed: true)
        delivery.add(term, routing)
        #expect(settle(&delivery) == [SIGTERM])
    }

    @Test func `without a keeper every signal is passed on at once`() {
        var delivery = SignalDelivery()
        delivery.add(term, routing)
        #expect(delivery.due(isWitnessed: false) == [SIGTERM])
    }
}
