import Glibc
import Synchronization

/// getent(1): who asks it reaches directories such as LDAP, by modules that are loaded into a
/// process that may crash or hang.
final class Getent: Sendable {
    private let programs: [String]
    private let limit: Int64
    private let isUnresponsive = Mutex(false)

    /// - Parameters:
    ///   - programs: where it may be; the first that can be started is asked.
    ///   - limitMicroseconds: how long an answer may take; after that it is not asked again.
    init(programs: [String], limitMicroseconds: Int64 = 1_000_000) {
        self.programs = programs
        limit = limitMicroseconds
    }

    /// The lines it prints for an entry of a database; empty when it knows none.
    func lines(_ database: String, _ key: String) -> [ArraySlice<UInt8>] {
        // It would read as an option.
        if key.hasPrefix("-") || isUnresponsive.withLock({ $0 }) { return [] }
        for program in programs {
            do {
                let output = try ProgramOutput.of(program, [database, key], within: limit)
                return (output ?? []).split(separator: UInt8(ascii: "\n"))
            } catch {
                if error.code == ETIMEDOUT {
                    isUnresponsive.withLock { $0 = true }
                    return []
                }
            }
        }
        return []
    }
}
