package import SystemCalls

/// Why a lock cannot be used at all; being taken is not an error.
package enum LockError: Error, Sendable, CustomStringConvertible {
    /// The directory that should hold the lock is missing.
    case directoryMissing(String)
    /// Something that is not a regular file has the name of the lock file.
    case notRegularFile(String, kind: String)
    /// Files beside the lock cannot be created or opened.
    case unusable(SystemError, directory: String)

    /// What is wrong and what to do, in one line.
    package var description: String {
        switch self {
        case .directoryMissing(let directory):
            "the directory of the lock file does not exist: \(directory); create it, or choose "
                + "another file with --lock-file"
        case .notRegularFile(let path, let kind):
            "the lock file \(path) is \(kind), not a regular file; choose another "
                + "file with --lock-file"
        case .unusable(let error, let directory):
            "the lock cannot be used: \(error); "
                + (Self.advice(error, directory).map { "\($0), or " } ?? "")
                + "choose another file with --lock-file"
        }
    }

    private static func advice(_ error: SystemError, _ directory: String) -> String? {
        error.advice(
            permission: "every deploying user needs write permission in \(directory)")
    }
}
