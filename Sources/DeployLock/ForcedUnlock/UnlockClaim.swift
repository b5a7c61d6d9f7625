import Glibc
import SystemCalls

/// The right to unlock by force, which one person has at a time.
package struct UnlockClaim: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// What came of asking for it.
    package enum Answer: ~Copyable {
        /// It is ours until the value goes away.
        case taken(UnlockClaim)
        /// Somebody has it; in that person's words, if they can be read.
        case refused(by: String?)
    }

    /// Asks for it without waiting.
    ///
    /// - Parameter person: what others are told meanwhile.
    package static func take(_ paths: LockPaths, for person: String) throws(LockError) -> Answer {
        do {
            try SharedFiles(in: paths.directory).makeDirectory(paths.queueDirectory)
            let path = paths.queueDirectory + "/unlock"
            let file = try open(path)
            guard try file.tryLock(.exclusive) else {
                let bytes = (try? FileSystem.read(path, limit: 256)) ?? []
                let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
                return .refused(by: line.isEmpty ? nil : String(decoding: line, as: UTF8.self))
            }
            // What stood there before ends behind the line feed.
            try? file.write(Array("\(person)\n".utf8), at: 0)
            return .taken(UnlockClaim(file: file))
        } catch let error as SystemError {
            throw .unusable(error, directory: paths.directory)
        } catch let error as LockError {
            throw error
        } catch {
            throw .unusable(SystemError("open", paths.lockFile), directory: paths.directory)
        }
    }

    private static func open(_ path: String) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(path, O_RDWR | O_NOFOLLOW)
        } catch {
            if error.code != ENOENT { throw error }
        }
        do {
            return try SharedFiles(in: Path.parent(of: path)).create(path, O_RDWR)
        } catch let error as SystemError where error.code == EEXIST {
            return try FileDescriptor.open(path, O_RDWR | O_NOFOLLOW)
        }
    }
}
