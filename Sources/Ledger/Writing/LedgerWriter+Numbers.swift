internal import Glibc
internal import SystemCalls

extension LedgerWriter {
    /// The highest number that a deployment under a lock has had, as the ledger and what waits for
    /// it know; 0 where there was none.
    ///
    /// Throws where that cannot be known.
    package func highestNumber(lock: String) throws(LedgerError) -> Int64 {
        // The spool first: what goes to the ledger meanwhile is found there.
        let waiting = try highestWaiting(lock)
        do throws(LedgerError) {
            let reader = try LedgerReader(path: files.path, busyTimeoutMilliseconds: 500)
            return max(waiting, try reader.highestNumber(lock: lock) ?? 0)
        } catch {
            switch error {
            // Others make it at this moment, if anybody does.
            case .missing, .empty, .busy: if try !wasLedger { return waiting }
            default: break
            }
            throw error
        }
    }

    private func highestWaiting(_ lock: String) throws(LedgerError) -> Int64 {
        var highest: Int64 = 0
        for file in spool.waiting() {
            switch spool.read(file) {
            case .line(let line):
                guard line.event.lock == lock else { continue }
                highest = max(highest, line.event.number ?? 0)
            case .unreadable: continue
            case .newer, .unavailable:
                if !FileSystem.exists(file.path) { continue }
                throw .unusable(path: files.path, reason: "\(file.path) cannot be read")
            }
        }
        return highest
    }

    /// Whether the path has held a ledger of ours, see `LedgerMark`.
    private var wasLedger: Bool {
        get throws(LedgerError) {
            do throws(SystemError) {
                return try FileSystem.status(files.lock).size > 0
            } catch {
                if error.code == ENOENT || error.code == ENOTDIR { return false }
                throw .unusable(path: files.path, reason: files.explain(error))
            }
        }
    }
}
