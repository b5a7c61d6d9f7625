import Glibc
import JSON
package import SystemCalls

extension WaitQueue {
    /// The files of freezes, in force or not.
    package func freezeFiles() throws(SystemError) -> [FreezeFile] {
        try listing(below: 0).freezes
    }

    /// The freezes that are in force.
    package func freezes() throws(LockError) -> Freezes {
        do {
            return Freezes(reading: try freezeFiles())
        } catch {
            throw .unusable(error, directory: paths.directory)
        }
    }

    /// Writes a freeze down for all deployers, in the place of an older one with its id.
    ///
    /// It is on the disk when this returns.
    package func freeze(_ freeze: Freeze) throws(LockError) {
        do {
            try LockFile.requireUsable(paths)
            try SharedFiles(in: paths.directory).makeDirectory(paths.queueDirectory)
            try put(freeze)
        } catch let error as LockError {
            throw error
        } catch let error as SystemError {
            throw .unusable(error, directory: paths.directory)
        } catch {
            throw .unusable(SystemError("open", paths.queueDirectory), directory: paths.directory)
        }
    }

    /// Ends a freeze, whoever made it: its file goes away.
    ///
    /// In a directory where nobody may remove another user's file, it says that it has ended.
    ///
    /// - Returns: false when there was none.
    package func unfreeze(_ file: FreezeFile) throws(LockError) -> Bool {
        do throws(SystemError) {
            do throws(SystemError) {
                try FileSystem.unlink(file.path)
            } catch {
                guard error.code == EPERM || error.code == EACCES else { throw error }
                try end(file)
            }
            try? FileSystem.synchronizeDirectory(paths.queueDirectory)
            return true
        } catch {
            if error.code == ENOENT { return false }
            throw .unusable(error, directory: paths.directory)
        }
    }

    /// The file of a freeze, whether it is there or not.
    package func freezeFile(_ id: String) -> FreezeFile {
        FreezeFile(path: "\(paths.queueDirectory)/\(FreezeFile.prefix)\(id)")
    }

    /// Removes the files of freezes that ended long ago.
    ///
    /// Not at once: a clock that is set back prolongs a freeze.
    func removeEndedFreezes(_ files: [FreezeFile]) {
        let now = Clock.wallMicroseconds()
        for file in files {
            guard case .freeze(let freeze) = file.read() else { continue }
            let end = freeze.endedAtUs ?? freeze.untilUs
            if end < now - Self.keptAfterEnd { try? FileSystem.unlink(file.path) }
        }
    }

    /// In µs: a day.
    private static let keptAfterEnd: Int64 = 86_400_000_000

    private func put(_ freeze: Freeze) throws(SystemError) {
        let path = freezeFile(freeze.id).path
        let bytes = Array((freeze.json + "\n").utf8)
        for attempt in 1... {
            // Not to be guessed: nobody can take the name first.
            let draft =
                "\(paths.queueDirectory)/\(Self.draftPrefix)\(UInt64.random(in: .min ... .max))"
            do throws(SystemError) {
                let status = try FileSystem.status(paths.queueDirectory)
                let file = try SharedFiles(directory: status).create(draft, O_RDWR)
                try file.write(bytes)
                try file.synchronize()
                try FileSystem.rename(draft, to: path)
                try? FileSystem.synchronizeDirectory(paths.queueDirectory)
                return
            } catch {
                try? FileSystem.unlink(draft)
                switch error.code {
                // Somebody took the draft for a killed one's.
                case ENOENT where attempt < 3: continue
                // Another user's, in a directory where only they may replace it.
                case EPERM, EACCES:
                    guard FileSystem.exists(path) else { throw error }
                    return try overwrite(path, bytes)
                default: throw error
                }
            }
        }
    }

    private func end(_ file: FreezeFile) throws(SystemError) {
        let now = Clock.wallMicroseconds()
        var ended = Freeze(
            id: file.id, reason: "", by: "", user: "", fromUs: now, untilUs: now, bootID: nil)
        if case .freeze(let freeze) = file.read() { ended = freeze }
        ended.endedAtUs = now
        try overwrite(file.path, Array((ended.json + "\n").utf8))
    }

    /// Writes into a file that cannot be replaced: all of it in one call, blanks behind it where it
    /// was longer, so that a reader sees the old or the new text.
    private func overwrite(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        let file = try FileDescriptor.open(
            path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        let rest = max(0, try file.status().size - bytes.count)
        try file.write(bytes + Array(repeating: UInt8(ascii: "\n"), count: rest), at: 0)
        try file.synchronize()
    }
}
