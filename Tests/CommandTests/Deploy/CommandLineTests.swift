import ArgumentParser
import Testing

@testable import DeployCommand

/// What `DeploymentRequest` reads without the parser has to be what the parser makes of it.
@Suite struct CommandLineTests {
    private static let lines = [
        "true", "make deploy --force -x --timeout 5", "-- true", "-- -x y", "-- --help",
        "echo -- --quiet", "-q true", "-v true", "-q -v true", "--quiet --verbose true",
        "--no-wait true", "--lock-file /l true", "--info-file /i true", "--timeout 5m -- a b",
        "--busy-exit-code 75 true", "--busy-exit-code 300 true", "--ledger /d true",
        "--max-queue 3 true", "--ignore-max-queue true", "--force-queue true",
        "--yield-to-newer --wait-covered true", "--supersede --wait-covered true",
        "--batch-key web true", "--skip-exit-code 75 true",
        "--source cron true", "--tier docker true", "--sha abc true", "--ref main true",
        "--run-url https://x/1 true", "--message why true", "--committed-at 5 true",
        "--tier a --tier b true", "--health-check x --health-delay 0 --health-stable 2 true",
        "--health-url http://x --health-expect y --health-follow-redirects true",
        "--no-health-check --no-rollback --max-duration 5m --grace 1 true",
        "--rollback x --rollback-on command --last-good-tier docker -- true",
        "--log-dir /l --max-silence 5m --override-freeze why --notify x --syslog true",
        "--quiet --tier docker --sha abc --timeout 90 -- docker compose up -d web",
    ]

    @Test(arguments: lines)
    func `a plain command line is read as the parser reads it`(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let plain = try #require(DeploymentRequest(plain: words))
        #expect(try plain == (DeployWithLock.parseAsRoot(words) as? DeployWithLock)?.request)
    }

    @Test(arguments: [
        "", "--", "--quiet", "--help", "-h true", "--version", "--nonsense true", "-qv true",
        "--timeout=5m true", "--tim 5m true", "--timeout", "--timeout --quiet true",
        "--timeout -- true", "--busy-exit-code x true", "-x true", "- true",
        "--generate-completion-script bash", "--experimental-dump-help",
    ])
    func `every other command line is left to the parser`(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        #expect(DeploymentRequest(plain: words) == nil)
    }

    @Test func `an empty word is left to the parser`() {
        #expect(DeploymentRequest(plain: [""]) == nil)
        #expect(DeploymentRequest(plain: ["--", ""]) == nil)
        #expect(DeploymentRequest(plain: ["--tier", "", "true"]) == nil)
    }

    @Test func `every option of the help is among the plain ones`() throws {
        let words = DeployWithLock.helpMessage().split(whereSeparator: { " ,.\n".contains($0) })
        let options = Set(words.filter { $0.hasPrefix("--") && $0.count > 2 })
            .subtracting(["--help", "--version"])
        #expect(options.count > 10)
        for option in options {
            let isPlain = ["7", nil].contains { value in
                let words = [String(option), value, "--", "true"].compactMap(\.self)
                return DeploymentRequest(plain: words)?.commandLength == 1
            }
            #expect(isPlain, "\(option) always takes the slow way")
        }
    }
}
