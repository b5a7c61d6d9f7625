import Glibc
import SystemCalls

/// The first line of a ticket: room for the command itself to write who it is, before it executes
/// anything.
///
/// `run KEEPER START COMMAND START NAMESPACE` and blanks; without numbers no command was ever
/// executed. Written by C, between `vfork` and `exec`, into bytes that are there already, so that
/// a full disk is no obstacle.
struct RunLine: Hashable, Sendable {
    /// The process between wrapper and command.
    let keeper: (pid: pid_t, start: UInt64)
    /// The command.
    let command: (pid: pid_t, start: UInt64)
    /// The pid namespace of both.
    let namespace: UInt64

    /// Its length with the line feed, the same as `deploy_keeper_line_length`.
    static let length = 128
    static let mark = "run "

    /// The line as a ticket begins with it.
    static let reserved: [UInt8] =
        Array(mark.utf8) + Array(repeating: UInt8(ascii: " "), count: length - mark.utf8.count - 1)
        + [UInt8(ascii: "\n")]

    /// Nil while no command has been executed, and for another line.
    init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: Self.mark.utf8) else { return nil }
        let fields = line.dropFirst(Self.mark.utf8.count).prefix { $0 != UInt8(ascii: "\n") }
        let numbers = fields.split(separator: UInt8(ascii: " "))
            .map { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 5, let keeper = numbers[0].flatMap(pid_t.init(exactly:)),
            let keeperStart = numbers[1], let command = numbers[2].flatMap(pid_t.init(exactly:)),
            let commandStart = numbers[3], let namespace = numbers[4]
        else { return nil }
        self.keeper = (keeper, keeperStart)
        self.command = (command, commandStart)
        self.namespace = namespace
    }

    /// Adds what it says to what is known of the deployment.
    func note(in facts: inout DeploymentFacts) {
        facts.keeperPid = keeper.pid
        facts.keeperStart = keeper.start
        facts.commandPid = command.pid
        facts.commandStart = command.start
        facts.pidNamespace = namespace
    }

    static func == (left: Self, right: Self) -> Bool {
        left.keeper == right.keeper && left.command == right.command
            && left.namespace == right.namespace
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(command.pid)
        hasher.combine(command.start)
    }
}

/// What a keeper that could not become the program again left in the ticket: the command's end.
package struct RawEnd: Hashable, Sendable {
    /// The status as `waitpid(2)` gives it, or minus the `errno` of a failed start.
    package let status: CInt
    /// When the wrapper was lost, wall clock in µs.
    package let lostAtUs: Int64
    /// When the command had ended, wall clock in µs.
    package let endedAtUs: Int64

    static let mark = "raw "

    init?(parsing fields: ArraySlice<UInt8>) {
        let numbers = fields.split(separator: UInt8(ascii: " "))
            .map { Int64(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3, let status = numbers[0].flatMap(CInt.init(exactly:)),
            let lost = numbers[1], let ended = numbers[2]
        else { return nil }
        self.status = status
        lostAtUs = lost
        endedAtUs = ended
    }
}
