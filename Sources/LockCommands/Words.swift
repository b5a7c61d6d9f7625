import CommandSupport
import DeployLock
import FoundationEssentials
import SystemCalls

/// How facts about deployments are put into words on the terminal.
enum Words {
    /// `#41 alice for 4m12s (since 2026-11-23T10:31:02Z): docker compose up -d web`.
    static func holder(_ holder: LockHolder) -> String {
        switch holder {
        case .deployment(let info):
            return "held by \(deployment(info))"
        case .runningOrphan(let info, let command):
            return "held by \(deployment(info)); its wrapper died, its command (pid "
                + "\(command.pid)) still runs"
        case .stranger(let pid, let command, let info):
            var text = "held by a process that is not a recorded deployment"
            if let pid { text += ", pid \(pid)" }
            if let command { text += ": \(outside(command))" }
            if let info, info.pid == pid || pid == nil { text += " (\(deployment(info)))" }
            return text
        }
    }

    private static func deployment(_ info: HolderInfo) -> String {
        var text = info.number.map { "#\($0)" } ?? "pid \(info.pid.map(String.init) ?? "unknown")"
        if let user = info.user { text += " \(outside(user))" }
        if let acquired = info.acquiredAtUs {
            let held = Clock.wallMicroseconds() - acquired
            text += " for \(DurationText.format(held)) (since \(time(acquired)))"
        } else if let started = info.started {
            text += " since \(outside(started))"
        }
        if let command = info.command { text += ": \(outside(command))" }
        return text
    }

    private static func outside(_ text: String) -> String {
        Terminal.shortened(Terminal.escaped(text), to: 80)
    }

    /// RFC 3339 in UTC, to the second.
    static func time(_ microseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
    }

    /// A command line as one would type it.
    static func commandLine(_ arguments: [String]) -> String {
        arguments.map { argument in
            let plain = argument.utf8.allSatisfy { byte in
                byte > 127 || (byte | 32 >= 97 && byte | 32 <= 122)
                    || (48...57).contains(byte) || "-_./=:,@%+*".utf8.contains(byte)
            }
            if plain, !argument.isEmpty { return argument }
            return "'"
                + argument.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
        }
        .joined(separator: " ")
    }
}
