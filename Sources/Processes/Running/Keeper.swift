import CKeeper
import Glibc
package import SystemCalls

/// What a keeper shares with the wrapper that starts it.
///
/// The keeper is the parent of the command and outlives a wrapper that is killed: then it becomes
/// the same program again, with `successor` as its arguments, and does the rest.
package struct Keeping: Sendable {
    /// The descriptor of the lock: the command inherits it, too.
    package let inherited: CInt?
    /// The deployment's ticket, with the descriptor that writes its first line; nil for a
    /// deployment that runs inside another one.
    package let ticket: (descriptor: CInt, line: CInt)?
    /// Where the command writes its standard output and standard error; nil leaves them untouched.
    package let output: CInt?
    /// Arguments for the program that takes the wrapper's place, behind its name and the pid of the
    /// command, which is negative for the `errno` of a command that could not be started.
    package let successor: [String]
    /// The pid namespace; see `Machine.pidNamespace`.
    package let pidNamespace: UInt64
    /// Whether the command gets a process group of its own and nothing to read.
    package let isApart: Bool

    /// Describes what is shared.
    package init(
        inherited: CInt?, ticket: (descriptor: CInt, line: CInt)?, output: CInt? = nil,
        successor: [String], pidNamespace: UInt64, isApart: Bool = false
    ) {
        self.inherited = inherited
        self.ticket = ticket
        self.output = output
        self.successor = successor
        self.pidNamespace = pidNamespace
        self.isApart = isApart
    }
}

extension Command {
    /// Starts the command below a keeper.
    ///
    /// The command gets default signal dispositions and an empty mask, stays in our process group
    /// so that it may read the terminal, and inherits `keeping.inherited` under the same number.
    /// Call it on the main thread, whose stack is large.
    ///
    /// - Parameters:
    ///   - environment: variables to set beside our own.
    ///   - names: variables of our own that it does not get.
    ///   - ignoresHangUp: leaves SIGHUP ignored, see `SignalInbox`.
    package func start(
        environment: [(name: String, value: String)], without names: [String] = [],
        _ keeping: Keeping, ignoresHangUp: Bool
    ) throws(SystemError) -> KeptCommand {
        let argv = CStringArray(arguments)
        let envp = CStringArray(Self.merged(environment, without: names))
        // Room for the pid of the command.
        let room = String(repeating: " ", count: 24)
        let successor = CStringArray(([Keeper.name, room] + keeping.successor).map(Self.bytes))
        let image = try FileDescriptor.ownImage()
        var sockets = try PacketPair()
        guard let ours = sockets.first.take(), let theirs = sockets.second.take() else {
            throw SystemError("socketpair", code: EBADF)
        }
        var plan = deploy_keeper_plan()
        plan.arguments = UnsafePointer(argv.pointers)
        plan.environment = UnsafePointer(envp.pointers)
        plan.inherited = keeping.inherited ?? -1
        plan.ticket = keeping.ticket?.descriptor ?? -1
        plan.line = keeping.ticket?.line ?? -1
        plan.output = keeping.output ?? -1
        plan.image = image.rawValue
        plan.socket = theirs.rawValue
        plan.successor = successor.pointers
        plan.is_apart = keeping.isApart ? 1 : 0
        plan.ignores_hang_up = ignoresHangUp ? 1 : 0
        plan.pid_namespace = keeping.pidNamespace
        (plan.title, plan.title_length) = Keeper.title
        let keeper = deploy_keeper_start(&plan)
        withExtendedLifetime((argv, envp, successor)) {}
        guard keeper > 0 else { throw SystemError("fork", code: -keeper) }
        _ = consume theirs
        return KeptCommand(keeper: keeper, name: words.first ?? "", socket: ours)
    }

    private static func bytes(_ text: String) -> [CChar] { Array(text.utf8CString.dropLast()) }
}

/// The process that stands between a wrapper and its command.
package enum Keeper {
    /// What it is called: not as the tool, so that whoever ends all wrappers by name spares it.
    package static let name = "deploy-keeper"

    /// Gives this process that name.
    package static func takeName() {
        let (start, length) = title
        deploy_keeper_rename(start, length)
    }

    /// The last resort of a keeper that became this program again and has not the means for more:
    /// waits for the command, leaves how it ended in the ticket and lets go.
    ///
    /// - Parameters:
    ///   - command: its pid, or minus the `errno` of a failed start.
    ///   - inherited: see `Keeping`.
    ///   - ticket: the deployment's ticket; nil for one that runs inside another one.
    package static func outlive(_ command: CInt, inherited: CInt?, ticket: CInt?) {
        deploy_keeper_outlive(command, ticket ?? -1, inherited ?? -1)
    }

    static var title: (UnsafeMutablePointer<CChar>?, Int) { ProcessArguments.memory }
}
