import Ledger
import Queries
import SQLite

/// One deployment as a block has it; places are those of `BlockScan`, times UTC microseconds.
package struct MeasuredDeployment {
    /// Stands for what is unknown.
    package static let unknown = Int64.min

    package var lock: Int
    package var kind: Int
    package var requested: Int64
    var queueLeft: Int64
    package var ended: Int64
    package var wait: Int64
    package var held: Int64
    /// When its wrapper was lost.
    package var lost: Int64
}

/// Takes deployments one after the other.
protocol MeasureSink {
    /// Called before the first deployment of a kind or lock that was not there before.
    mutating func prepare(kinds: [DeploymentKind], locks: [String?])
    /// Called for every deployment of the blocks, inside of the window or not.
    mutating func add(_ deployment: MeasuredDeployment)
}

/// Reads the blocks around a window.
struct BlockScan {
    /// The locks met so far, in the order they came; nil for none.
    package private(set) var locks: [String?] = []
    /// The kinds met so far, in the order they came.
    package private(set) var kinds: [DeploymentKind] = []
    /// For each of the kinds, whether the lines of it say when the wrapper was lost.
    private var losses: [Bool] = []
    private var lockPlaces = Places()
    private var kindPlaces = Places()
    private let blocks: DeploymentBlocks
    private let since: Int64
    private let until: Int64

    package init(_ blocks: DeploymentBlocks, since: Instant, until: Instant) {
        self.blocks = blocks
        self.since = since.microseconds
        self.until = until.microseconds
    }

    /// How many deployments `read` gives, or some more.
    func mostDeployments() throws(ReportError) -> Int {
        do {
            return try blocks.mostDeployments(sinceUs: since, untilUs: until)
        } catch {
            throw .database(query: "metrics", error)
        }
    }

    /// Hands all deployments of the blocks around the window to `sink`.
    ///
    /// - Returns: whether every block was understood; after false the figures are worth nothing.
    package mutating func read<Sink: MeasureSink>(into sink: inout Sink) throws(ReportError) -> Bool
    {
        do {
            return try blocks.read(sinceUs: since, untilUs: until) { readBlock($0, &sink) }
        } catch {
            throw .database(query: "metrics", error)
        }
    }

    private mutating func readBlock<Sink: MeasureSink>(
        _ block: BlockContent, _ sink: inout Sink
    ) -> Bool {
        guard let first = block.fromUs, readPlaces(block, &sink) else { return false }
        return Self.readLines(
            block.lines, from: first, locks: lockPlaces.ofBlock, kinds: kindPlaces.ofBlock,
            losses: losses, &sink)
    }

    private mutating func readPlaces(
        _ block: BlockContent, _ sink: inout some MeasureSink
    ) -> Bool {
        let known = (locks.count, kinds.count)
        let areLocksRead = lockPlaces.read(block.locks) { line in
            guard let lock = JSONText.decode(String?.self, line) else { return false }
            locks.append(lock)
            return true
        }
        let areKindsRead = kindPlaces.read(block.kinds) { line in
            guard let kind = JSONText.decode(DeploymentKind.self, line) else { return false }
            kinds.append(kind)
            losses.append(kind.lostWrapper)
            return true
        }
        guard areLocksRead && areKindsRead else { return false }
        if known != (locks.count, kinds.count) { sink.prepare(kinds: kinds, locks: locks) }
        return true
    }

    private static func readLines<Sink: MeasureSink>(
        _ bytes: UnsafeRawBufferPointer, from first: Int64, locks: [Int], kinds: [Int],
        losses: [Bool], _ sink: inout Sink
    ) -> Bool {
        var numbers = LineNumbers(bytes: bytes)
        let unknown = MeasuredDeployment.unknown
        while !numbers.isAtEnd {
            let lock = numbers.next()
            let kind = numbers.next()
            let asked = numbers.next()
            let waited = numbers.next()
            let ran = numbers.next()
            let waitDifference = numbers.next()
            let heldDifference = numbers.next()
            guard numbers.isSound, locks.indices.contains(Int(lock)),
                kinds.indices.contains(Int(kind))
            else { return false }
            var one = MeasuredDeployment(
                lock: locks[Int(lock)], kind: kinds[Int(kind)], requested: unknown,
                queueLeft: unknown, ended: unknown, wait: unknown, held: unknown, lost: unknown)
            var last = first
            if asked != unknown { last &+= asked; one.requested = last }
            if waited != unknown { last &+= waited; one.queueLeft = last }
            if ran != unknown { last &+= ran; one.ended = last }
            if waitDifference != unknown {
                let isMeasured = asked != unknown && waited != unknown
                one.wait = waitDifference &+ (isMeasured ? waited : 0)
            }
            if heldDifference != unknown {
                let isMeasured = waited != unknown && ran != unknown
                one.held = heldDifference &+ (isMeasured ? ran : 0)
            }
            if losses[one.kind] {
                let lost = numbers.next()
                guard numbers.isSound, lost != unknown else { return false }
                one.lost = first &+ lost
            }
            sink.add(one)
        }
        return numbers.isSound
    }
}

/// Where the lines of a block's list are in the list of all blocks.
private struct Places {
    /// For each line of the current block.
    package private(set) var ofBlock: [Int] = []
    private var known: [[UInt8]: Int] = [:]
    private var text: [UInt8] = []

    /// - Parameter add: decodes a line that was not there before and adds it to the list of all.
    package mutating func read(_ bytes: UnsafeRawBufferPointer, add: (String) -> Bool) -> Bool {
        // Most blocks have the same locks as the one before.
        if text.elementsEqual(bytes) { return true }
        text = Array(bytes)
        ofBlock.removeAll(keepingCapacity: true)
        if text.isEmpty { return true }
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let key = Array(line)
            if let place = known[key] {
                ofBlock.append(place)
            } else {
                guard add(String(decoding: key, as: UTF8.self)) else { return false }
                ofBlock.append(known.count)
                known[key] = known.count
            }
        }
        return true
    }
}

/// Whole numbers between commas and line ends; nothing between them is `unknown`.
private struct LineNumbers {
    package let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Whether there was nothing but numbers so far.
    package private(set) var isSound = true

    package init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var isAtEnd: Bool { position >= bytes.count }

    @inline(__always)
    package mutating func next() -> Int64 {
        var value: Int64 = 0
        var digits = 0
        var isNegative = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                value = value &* 10 &+ Int64(digit)
                digits += 1
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
                break
            } else if byte == UInt8(ascii: "-"), digits == 0, !isNegative {
                isNegative = true
            } else {
                isSound = false
            }
        }
        // Eighteen digits fit for certain.
        if digits > 18 || isNegative && digits == 0 { isSound = false }
        if digits == 0 { return MeasuredDeployment.unknown }
        return isNegative ? -value : value
    }
}
