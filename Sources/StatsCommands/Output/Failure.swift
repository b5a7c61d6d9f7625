import ArgumentParser
import CommandSupport
import Glibc
import SystemCalls

/// The end of a run that could not do what it was asked to: one line, then an exit code.
enum Failure {
    /// Says why on standard error, with further lines below; throw the result.
    static func because(
        _ reason: String, code: ExitCode = .failure, further: [String] = []
    ) -> ExitCode {
        Terminal.complain("deploystats: " + reason)
        for line in further { Terminal.complain("  " + line) }
        return code
    }

    /// Runs `body`; an error is said in one line and ends the run with code 1.
    static func wrap<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let code as ExitCode {
            throw code
        } catch {
            throw because("\(error)")
        }
    }

    /// A file that could not be written beside itself and renamed.
    static func unwritable(_ path: String, _ error: SystemError) -> ExitCode {
        let directory = Path.parent(of: path)
        let isFile = (try? FileSystem.status(path))?.isRegularFile ?? true
        let reason =
            switch error.code {
            case ENOENT where !FileSystem.exists(directory):
                "the directory \(directory) does not exist; create it, or choose another place"
            case EACCES where isFile, EROFS where isFile:
                "\(error.reason); a temporary file must be created in \(directory) first"
            default: error.reason
            }
        return because("cannot write \(path): \(reason)")
    }

    /// Runs `body`; an error is one of whoever wrote the command line.
    static func mistakes<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw ValidationError("\(error)") }
    }
}
