import CommandSupport
import DeployLock
import JSON
import Ledger
import Wording

/// How `check-deploy-lock` looks at a lock and in which form it tells what it saw.
struct StatusQuery: Sendable {
    /// The form of what is printed.
    enum Format: Sendable {
        case text, document, line
    }

    let paths: LockPaths
    let ledger: LedgerSettings
    let warnAfter: Int64
    let records: Bool
    let format: Format

    /// Looks once.
    func look() -> (text: String, code: CInt) {
        do throws(LockError) {
            let report = try LockReport(
                paths, ledger: ledger, warnAfter: warnAfter, records: records)
            switch format {
            case .text: return (StatusText.render(report), report.exitCode)
            case .document: return (StatusJSON.document(report).document, report.exitCode)
            case .line: return (StatusJSON.document(report).line + "\n", report.exitCode)
            }
        } catch {
            let reason = error.description
            let document = StatusJSON.document(unknown: reason, paths)
            switch format {
            case .text:
                Terminal.complain(
                    "check-deploy-lock: cannot determine who holds the lock: \(reason)")
                return ("", ExitCodes.Status.unknown)
            case .document: return (document.document, ExitCodes.Status.unknown)
            case .line: return (document.line + "\n", ExitCodes.Status.unknown)
            }
        }
    }
}
