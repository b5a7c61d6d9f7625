import Glibc
import Processes
import SystemCalls
import Testing

@Suite struct ExitStatusTests {
    @Test func `the status word of wait is read`() {
        #expect(ExitStatus(waitStatus: 0) == .exited(0))
        #expect(ExitStatus(waitStatus: 3 << 8) == .exited(3))
        #expect(ExitStatus(waitStatus: 255 << 8) == .exited(255))
        #expect(ExitStatus(waitStatus: SIGKILL) == .signalled(SIGKILL))
        // With a core file.
        #expect(ExitStatus(waitStatus: SIGSEGV | 0x80) == .signalled(SIGSEGV))
    }

    @Test func `an exit status gives the code a shell would`() {
        #expect(ExitStatus.exited(7).code == 7)
        #expect(ExitStatus.signalled(SIGTERM).code == 143)
    }

    @Test func `signals have names`() {
        #expect(SignalName.of(SIGTERM) == "TERM")
        #expect(SignalName.of(SIGUSR1) == "USR1")
        #expect(SignalName.of(63) == "63")
    }
}
