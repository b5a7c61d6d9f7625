import Glibc
import Secrets

/// The part of our environment that a command may see which has nothing to do with what is deployed.
enum SharedEnvironment {
    /// What such a command is given on purpose.
    private static let given = "NOTIFY_"

    /// Our variables as `NAME=value`, without those that hold a secret as far as their names or their
    /// values say so; those that begin with `NOTIFY_` are for it.
    static var entries: [[CChar]] {
        var result: [[CChar]] = []
        var position = 0
        while let entry = environ[position] {
            position += 1
            let text = String(cString: entry)
            guard text.hasPrefix(Self.given) || Masking.mask(text) == text else { continue }
            result.append(Array(UnsafeBufferPointer(start: entry, count: strlen(entry))))
        }
        return result
    }
}
