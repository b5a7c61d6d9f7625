// Usage: ledger-hammer append LEDGER SPOOL COUNT [BUDGET]
// Prints the id of every event once it is durable.
import Glibc
import Ledger
import SystemCalls

let arguments = CommandLine.arguments
guard arguments.count >= 5, arguments[1] == "append", let count = Int(arguments[4]) else {
    fail("usage: ledger-hammer append LEDGER SPOOL COUNT [BUDGET]", code: 64)
}
let budget = arguments.count > 5 ? Int(arguments[5]) ?? 500 : 500
let writer = LedgerWriter(
    LedgerSettings(
        path: arguments[2], budgetMilliseconds: budget, spoolRoots: [arguments[3]]))

let output = FileDescriptor(owning: 1)

func lines(_ number: Int) -> [EventEnvelope] {
    let deployment = EventID.generate()
    var events = [Event(.requested), Event(.acquired)]
    for index in events.indices {
        events[index].deployment = deployment
        events[index].number = Int64(number)
        events[index].lock = "/var/lock/deploy.lock"
        events[index].user = "deploy"
        events[index].pid = 4711
    }
    events[0].boot = "8f7e1b52-5d0d-4e0e-9a53-6f2d0f3c1c11"
    events[0].pidStart = 123_456
    events[0].actor = "ann"
    events[0].source = "ssh"
    events[0].tier = "docker"
    events[1].waitUs = 12
    let detail = EventDetail(command: ["docker", "compose", "up", "-d", "web"], directory: "/srv")
    return [EventEnvelope(events[0], detail: detail), EventEnvelope(events[1])]
}

func fail(_ words: String, code: CInt = 1) -> Never {
    try? FileDescriptor(owning: 2).write("\(words)\n".utf8)
    exit(code)
}

for number in 1...count {
    let lines = lines(number)
    let result = writer.record(lines)
    guard result.isDurable else { fail("an append is not durable: \(result)") }
    // One write a line, so that a kill leaves whole lines.
    let text = lines.map { "\($0.id)\n" }.joined()
    try output.write(text.utf8)
}
