import Glibc
import SystemCalls

/// The freezes of a lock that are in force at one moment; deployments are held by their union.
package struct Freezes: Hashable, Sendable {
    /// A file that has the name of a freeze and cannot be understood: it holds deployments, because
    /// a freeze is a safety device.
    package struct Unreadable: Hashable, Sendable {
        /// The file.
        package let file: FreezeFile
        /// What is wrong with it.
        package let reason: String
    }

    /// Those whose end is known, the one that ends last at the end.
    package private(set) var inForce: [Freeze] = []
    /// Those that may last for ever.
    package private(set) var unreadable: [Unreadable] = []

    /// No freeze.
    package static let none = Freezes()

    private init() {}

    /// Some freezes that are in force, wherever they are written down.
    package init(_ freezes: [Freeze], at now: Int64 = Clock.wallMicroseconds()) {
        inForce = freezes.filter { $0.isInForce(at: now) }.sorted(by: Self.isBefore)
    }

    /// Reads files and keeps what is in force at a moment, wall clock in UTC µs.
    package init(reading files: [FreezeFile], at now: Int64 = Clock.wallMicroseconds()) {
        if files.isEmpty { return }
        for file in files {
            switch file.read() {
            case .freeze(let freeze): if freeze.isInForce(at: now) { inForce.append(freeze) }
            case .gone: break
            case .unreadable(let reason):
                unreadable.append(Unreadable(file: file, reason: reason))
            }
        }
        inForce.sort(by: Self.isBefore)
        unreadable.sort { $0.file.path < $1.file.path }
    }

    /// Whether deployments may start.
    package var isEmpty: Bool { inForce.isEmpty && unreadable.isEmpty }

    /// How many there are.
    package var count: Int { inForce.count + unreadable.count }

    /// The first moment after all of them, wall clock in UTC µs; nil when there are none, or when it
    /// is unknown.
    package var untilUs: Int64? { unreadable.isEmpty ? inForce.last?.untilUs : nil }

    /// Their ids; of one that cannot be read, that in the name of its file.
    package var ids: [String] { inForce.map(\.id) + unreadable.map(\.file.id) }

    /// Those of both.
    package func union(_ other: Freezes) -> Freezes {
        var both = self
        both.inForce += other.inForce.filter { !ids.contains($0.id) }
        both.inForce.sort(by: Self.isBefore)
        return both
    }

    private static func isBefore(_ left: Freeze, _ right: Freeze) -> Bool {
        (left.untilUs, left.id) < (right.untilUs, right.id)
    }
}
