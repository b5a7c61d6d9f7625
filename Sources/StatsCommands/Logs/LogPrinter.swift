import CommandSupport
import DeployLock
import Glibc
import SystemCalls
import Wording

/// Prints kept output, as far as it goes or for as long as it grows.
struct LogPrinter {
    let log: KeptLog
    let isRaw: Bool

    /// Between looks at a file that may grow, in µs.
    private static let pause: Int64 = 50_000
    private static let piece = 64 << 10

    /// Prints all of it.
    ///
    /// - Parameters:
    ///   - stop: ends it early; nil to print what is there now.
    ///   - ticket: of the deployment that may still write to it.
    func run(follow stop: StopSignals?, while ticket: TicketFile?) throws {
        let output = StandardOutput()
        var text = HarmlessText()
        do {
            do {
                try print(log, stop, ticket, output) { try write($0, &text, output) }
            } catch let error as SystemError where error.code == ENOENT {
                // It was found and then compressed.
                try print(log.current, nil, nil, output) { try write($0, &text, output) }
            }
        } catch let error as SystemError {
            try output.flush()
            throw Failure.because(words(error))
        }
        try output.write(text.end())
        try output.flush()
    }

    private func print(
        _ log: KeptLog, _ stop: StopSignals?, _ ticket: TicketFile?, _ output: StandardOutput,
        _ take: ([UInt8]) throws -> Void
    ) throws {
        if let stop, !log.isCompressed { return try follow(stop, ticket, output, take) }
        try log.read { piece in
            try take(piece)
            return true
        }
    }

    private func write(
        _ piece: [UInt8], _ text: inout HarmlessText, _ output: StandardOutput
    ) throws {
        try output.write(isRaw ? piece : text.next(piece))
    }

    private func follow(
        _ stop: StopSignals, _ ticket: TicketFile?, _ output: StandardOutput,
        _ print: ([UInt8]) throws -> Void
    ) throws {
        // Open, it stays whatever becomes of its name.
        let file = try log.open()
        var place = 0
        while true {
            // Asked before reading: what was written by the end is read.
            let isRunning = ticket?.isOwned ?? isWritten(file)
            let size = try file.status().size
            // Emptied by a program that opened its output itself.
            if size < place { place = 0 }
            while place < size {
                let piece = try file.read(count: min(size - place, Self.piece), at: place)
                if piece.isEmpty { break }
                place += piece.count
                try print(piece)
            }
            try output.flush()
            if !isRunning || stop.comes(within: Self.pause) || StandardOutput.readerIsGone {
                return
            }
        }
    }

    /// Whether the deployment, or what it left behind, has the file.
    private func isWritten(_ file: borrowing FileDescriptor) -> Bool {
        // What a deployment started shares a lock on it.
        guard (try? file.tryLock(.exclusive)) == true else { return true }
        try? file.unlock()
        return false
    }

    private func words(_ error: SystemError) -> String {
        switch (error.call, error.code) {
        case ("gzip", EINVAL): "\(log.path) is damaged: gzip(1) cannot read all of it"
        case ("posix_spawn", ENOENT): "\(log.path) is compressed; reading it requires gzip(1)"
        default: "cannot read \(log.path): \(error.reason)"
        }
    }
}
