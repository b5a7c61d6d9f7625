internal import Glibc
internal import SystemCalls

/// The pages of a database and of its write-ahead log as they lie in the files, whatever is damaged.
///
/// Source: <https://www.sqlite.org/fileformat2.html>
final class RawPages {
    /// Where a version of a page lies.
    struct Place: Hashable {
        /// Whether that is the log.
        let isLogged: Bool
        /// The how manieth page of the file it is.
        let index: Int
    }

    /// The size of a page in bytes.
    let size: Int
    /// Why the system could not read a page; nil when it gave all that was asked for.
    private(set) var failure: SystemError?

    private let database: FileDescriptor?
    private let log: FileDescriptor?
    private let count: Int
    private let frames: Int
    /// Versions of pages in the log by the page's number, the oldest first.
    private var logged: [UInt32: [Int]] = [:]
    private var newest: (place: Place, bytes: [UInt8])?

    private static let usualSize = 4096
    private static let headerOfLog = 32
    private static let headerOfFrame = 24

    /// Opens a database and the log beside it; either may be missing, not both.
    ///
    /// - Parameter hasLog: whether the log is looked at, too.
    init(_ path: String, hasLog: Bool = true) throws(SystemError) {
        database = try Self.open(path)
        log = hasLog ? try Self.open(path + "-wal") : nil
        let bytes = try database?.status().size
        let logBytes = try log?.status().size
        if bytes == nil, logBytes == nil { throw SystemError("open", path, code: ENOENT) }
        let head = try database?.read(count: 18, at: 0)
        let headOfLog = try log?.read(count: Self.headerOfLog, at: 0)
        size = Self.size(of: head ?? [], headOfLog ?? []) ?? Self.usualSize
        count = ((bytes ?? 0) + size - 1) / size
        frames = max(0, (logBytes ?? 0) - Self.headerOfLog) / (size + Self.headerOfFrame)
        for frame in 0..<frames {
            let header = try log?.read(count: 4, at: offset(ofFrame: frame))
            if let header, header.count == 4 {
                logged[Self.integer(header, 0), default: []].append(frame)
            }
        }
    }

    /// Every version of every page; one whose number is not known has nil.
    func forEach(_ body: (Place, UInt32, [UInt8]) -> Void) {
        for index in 0..<count {
            let place = Place(isLogged: false, index: index)
            if let bytes = bytes(place) { body(place, UInt32(index + 1), bytes) }
        }
        for (number, frames) in logged {
            for frame in frames {
                let place = Place(isLogged: true, index: frame)
                if let bytes = bytes(place) { body(place, number, bytes) }
            }
        }
    }

    /// The random ids of the ledgers whose first pages these are.
    var identities: Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        for index in 0..<min(count, Self.firstPages) {
            let place = Place(isLogged: false, index: index)
            guard let page = bytes(place) else { continue }
            for cell in cells(place, number: UInt32(index + 1), page) {
                if case .identity(let id) = row(cell, inLog: false) { found.insert(id) }
            }
        }
        return found
    }

    /// The identity lies in one of the first pages: a new ledger writes it before any event.
    private static let firstPages = 64

    /// The content of a version of a page; nil when it cannot be read.
    func bytes(_ place: Place) -> [UInt8]? {
        if let newest, newest.place == place { return newest.bytes }
        let at =
            place.isLogged
            ? offset(ofFrame: place.index) + Self.headerOfFrame : place.index * size
        do throws(SystemError) {
            let found =
                place.isLogged
                ? try log?.read(count: size, at: at) : try database?.read(count: size, at: at)
            guard let found, found.count == size else { return nil }
            newest = (place, found)
            return found
        } catch {
            failure = failure ?? error
            return nil
        }
    }

    /// A version of the page with this number: the newest in the log, or the one in the database.
    func place(of number: UInt32, inLog: Bool) -> Place? {
        if inLog, let frame = logged[number]?.last { return Place(isLogged: true, index: frame) }
        guard number > 0, number <= count else { return nil }
        return Place(isLogged: false, index: Int(number) - 1)
    }

    private func offset(ofFrame frame: Int) -> Int {
        Self.headerOfLog + frame * (size + Self.headerOfFrame)
    }

    private static func open(_ path: String) throws(SystemError) -> FileDescriptor? {
        do {
            return try FileDescriptor.openUntrusted(path)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    private static func size(of database: [UInt8], _ log: [UInt8]) -> Int? {
        var size = 0
        if database.starts(with: "SQLite format 3\0".utf8), database.count >= 18 {
            size = Int(database[16]) << 8 | Int(database[17])
            if size == 1 { size = 65_536 }
        } else if log.count >= 12, integer(log, 0) & ~1 == 0x377f_0682 {
            size = Int(integer(log, 8))
        }
        return size >= 512 && size <= 65_536 && size & (size - 1) == 0 ? size : nil
    }

    private static func integer(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
