import CommandSupport
import Glibc
import Ledger
import SystemCalls

/// The kept output of a deployment whose wrapper was lost: nobody follows it any more.
struct LostOutput: ~Copyable {
    private let path: String
    private let name: LogName
    private let folder: LogFolder

    /// What is hashed at once when the deployment ends, in bytes; others wait for the lock.
    private static let most = 64 << 20

    /// Nil when its directory is gone.
    init?(at path: String) {
        guard let name = LogName(Path.name(of: path)), let folder = try? LogFolder(of: path) else {
            return nil
        }
        self.path = path
        self.name = name
        self.folder = folder
    }

    /// What was written until now, for the record.
    func record() -> Conclusion.Output {
        guard let file = try? folder.directory.open(name.text, O_RDONLY | O_NONBLOCK | O_NOCTTY),
            let status = try? file.status(), status.isRegularFile
        else { return Conclusion.Output(file: path, bytes: nil, hash: nil) }
        var hash: ContentHash? = status.size <= Self.most ? ContentHash() : nil
        var place = 0
        while hash != nil, place < status.size {
            let piece = try? file.read(count: min(status.size - place, 1 << 20), at: place)
            guard let piece, !piece.isEmpty else {
                hash = nil
                break
            }
            hash?.update(piece)
            place += piece.count
        }
        return Conclusion.Output(file: path, bytes: Int64(status.size), hash: hash?.text)
    }

    /// Leaves the rest to the next deployment, but for what it cannot know.
    func finish(_ conclusion: Conclusion, lock: String) {
        LogSpace.giveBack(folder.directory, name)
        if conclusion.code != 0 { folder.noteFailure(of: name, lock: lock) }
    }
}
