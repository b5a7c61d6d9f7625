import Glibc
import Secrets
package import SystemCalls
import Wording

extension ExitCodes {
    /// The code for a command that could not be started, as shells have it but for what another
    /// attempt may well get past.
    package static func startFailure(_ code: CInt) -> CInt {
        switch code {
        case ENOENT, ENOTDIR: notFound
        case EAGAIN, ENOMEM, EMFILE, ENFILE, EIO: systemError
        default: notExecutable
        }
    }

    /// The same for people, with the command and what to do.
    package static func startFailureWords(_ error: SystemError, _ command: [String]) -> String {
        let words = Masking.mask(arguments: command)
        guard let program = words.first else { return "no command" }
        let name = program.escapedForTerminal.shortened(toColumns: 200)
        switch startFailure(error.code) {
        case notFound:
            if words.count == 1, program.contains(where: \.isWhitespace) {
                return "\(name): command not found; it was given as one word, so "
                    + "\(advice(forLine: program))"
            }
            if program.contains("/"), let path = command.first, FileSystem.exists(path) {
                return "\(name): the interpreter in its first line was not found"
            }
            return "\(name): command not found"
        case systemError: return "\(name): \(error.reason)"
        default:
            guard error.code == EACCES, program.contains("/"), let path = command.first,
                let status = try? FileSystem.status(path)
            else { return "\(name): \(error.reason)" }
            return status.isRegularFile
                ? "\(name): \(error.reason); make it executable with chmod +x"
                : "\(name): is a directory"
        }
    }

    /// What to write instead of a whole line that was given as the name of a program.
    private static func advice(forLine line: String) -> String {
        let shell = "sh -c \(ShellText.quoted(["", line]).dropFirst(3))"
        // What only a shell understands.
        if line.contains(where: { "|&;<>()$`\"'*?[~\\".contains($0) }) {
            return "leave it to a shell: \(shell)"
        }
        return "leave out the quotes around it: \(line), or leave it to a shell: \(shell)"
    }

    /// Why a command could not be started, in a few words.
    package static func startFailureReason(_ error: SystemError) -> String {
        switch startFailure(error.code) {
        case notFound: return "command not found"
        case systemError: return "command not started: \(error.reason)"
        default:
            let isPlain = error.code == EACCES || error.code == ENOEXEC
            return "command not executable" + (isPlain ? "" : ": \(error.reason)")
        }
    }
}
