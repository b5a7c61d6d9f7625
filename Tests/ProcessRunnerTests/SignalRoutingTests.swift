import Glibc
@testable import ProcessRunner
import Testing

@Suite struct SignalRoutingTests {
    @Test(arguments: SignalInbox.forwarded)
    func whatAProcessSendsAlwaysGoesOn(_ number: CInt) {
        for sharesGroup in [true, false] {
            for leadsSession in [true, false] {
                let routing = SignalRouting(sharesGroup: sharesGroup, leadsSession: leadsSession)
                #expect(routing.forwards(ReceivedSignal(number: number, isFromKernel: false)))
            }
        }
    }

    @Test(arguments: [SIGINT, SIGQUIT])
    func aKeyAtTheTerminalReachedACommandInOurGroupAlready(_ number: CInt) {
        let key = ReceivedSignal(number: number, isFromKernel: true)
        #expect(!SignalRouting(sharesGroup: true, leadsSession: false).forwards(key))
        #expect(!SignalRouting(sharesGroup: true, leadsSession: true).forwards(key))
        #expect(SignalRouting(sharesGroup: false, leadsSession: false).forwards(key))
    }

    @Test func aHangUpReachedOnlyTheLeaderOfTheSession() {
        let hangUp = ReceivedSignal(number: SIGHUP, isFromKernel: true)
        #expect(SignalRouting(sharesGroup: true, leadsSession: true).forwards(hangUp))
        #expect(!SignalRouting(sharesGroup: true, leadsSession: false).forwards(hangUp))
    }
}
