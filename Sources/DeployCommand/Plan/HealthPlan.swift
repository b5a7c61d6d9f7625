import ArgumentParser
import CommandSupport
import Wording

/// How the service is checked once the command has succeeded; durations in µs.
struct HealthPlan: Sendable {
    /// What one attempt does.
    enum Probe: Hashable, Sendable {
        /// Runs a command line for `/bin/sh`.
        case command(String)
        /// Asks an address with curl, and looks for a text in the answer.
        case url(String, expected: String?, followsRedirects: Bool)
    }

    let probe: Probe
    /// Before the first attempt, from the end of the command on.
    let delay: Int64
    /// At most.
    let attempts: Int
    /// From the end of one attempt to the next.
    let interval: Int64
    /// Of one attempt.
    let timeout: Int64
    /// How many attempts in a row have to succeed.
    let stable: Int
    /// The exit code when the command succeeded and the check did not.
    let exitCode: CInt

    private static let mostAttempts = 10_000

    /// Nil when nothing is checked.
    init?(_ request: HealthRequest, _ configuration: Configuration, sha: String?) throws {
        if request.noHealthCheck { return nil }
        let command = configuration.given(
            request.healthCheck, "--health-check", "DEPLOY_HEALTH_CHECK")
        let url = configuration.given(request.healthUrl, "--health-url", "DEPLOY_HEALTH_URL")
        if request.healthCheck != nil, request.healthUrl != nil {
            throw ValidationError("--health-check and --health-url exclude each other")
        }
        guard command != nil || url != nil else {
            if let option = request.detail {
                throw ValidationError("\(option) requires --health-check or --health-url")
            }
            return nil
        }
        func given(_ option: String?, _ name: String, _ setting: String) -> Configuration.Setting? {
            configuration.given(option, name, setting)
        }
        let expected = given(request.healthExpect, "--health-expect", "DEPLOY_HEALTH_EXPECT")
        let isURL = request.healthUrl != nil || request.healthCheck == nil && url != nil
        if isURL, let url {
            guard url.text.hasPrefix("http://") || url.text.hasPrefix("https://") else {
                throw ValidationError(
                    "\(url.place) must begin with http:// or https://, not '\(url.text)'")
            }
            if let expected, expected.text.contains("{sha}"), sha == nil {
                throw ValidationError(
                    "\(expected.place) contains {sha}, and the commit is unknown; give --sha")
            }
            let follows = try configuration.isOn("DEPLOY_HEALTH_FOLLOW_REDIRECTS")
            probe = .url(
                url.text, expected: expected?.text,
                followsRedirects: request.healthFollowRedirects || follows)
        } else {
            if request.healthExpect != nil || request.healthFollowRedirects {
                throw ValidationError(
                    "--health-expect and --health-follow-redirects require --health-url")
            }
            probe = .command(command?.text ?? "")
        }
        delay =
            try given(request.healthDelay, "--health-delay", "DEPLOY_HEALTH_DELAY")?.duration(
                mayBeZero: true) ?? 30_000_000
        attempts =
            try given(request.healthRetries, "--health-retries", "DEPLOY_HEALTH_RETRIES")?.count(
                1...Self.mostAttempts) ?? 3
        interval =
            try given(request.healthInterval, "--health-interval", "DEPLOY_HEALTH_INTERVAL")?
            .duration(mayBeZero: true)
            ?? 5_000_000
        timeout =
            try given(request.healthTimeout, "--health-timeout", "DEPLOY_HEALTH_TIMEOUT")?
            .duration() ?? 10_000_000
        let stability = given(request.healthStable, "--health-stable", "DEPLOY_HEALTH_STABLE")
        stable = try stability?.count(1...Self.mostAttempts) ?? 1
        if let stability, stable > attempts {
            throw ValidationError(
                "\(stability.place) is \(stable), more than the \(attempts) attempts there are; "
                    + "raise --health-retries")
        }
        exitCode =
            try given(request.healthExitCode, "--health-exit-code", "DEPLOY_HEALTH_EXIT_CODE").map {
                CInt(try $0.count(1...255))
            }
            ?? ExitCodes.unhealthy
    }

    /// How it goes and how long at most: `30s, then up to 3 attempts of 10s, 5s apart: at most
    /// 1m10s`.
    var words: String {
        func text(_ time: Int64) -> String { DurationText.text(microseconds: time) }
        var words = delay > 0 ? "\(text(delay)), then " : ""
        words +=
            attempts == 1
            ? "one attempt of \(text(timeout))"
            : "up to \(attempts) attempts of \(text(timeout)), \(text(interval)) apart"
        let (length, isBeyond) = timeout.addingReportingOverflow(interval)
        let (all, isFar) = length.multipliedReportingOverflow(by: Int64(attempts))
        guard !isBeyond, !isFar else { return words }
        words += ": at most \(text(delay + all - interval))"
        return stable > 1 ? "\(words); \(stable) in a row have to succeed" : words
    }

    /// Whether the exit code of an attempt says all there is to know.
    var isJudgedByCode: Bool {
        if case .command = probe { return true }
        return false
    }

    /// The program that is looked up before anything runs.
    var program: ProgramLookup.Line {
        switch probe {
        case .command(let line): .init(line, place: "--health-check")
        case .url: .init("curl", place: "--health-url")
        }
    }
}

extension HealthRequest {
    /// An option that says nothing without a check.
    fileprivate var detail: String? {
        let given: [(String, Bool)] = [
            ("--health-expect", healthExpect != nil), ("--health-delay", healthDelay != nil),
            ("--health-retries", healthRetries != nil),
            ("--health-interval", healthInterval != nil),
            ("--health-timeout", healthTimeout != nil), ("--health-stable", healthStable != nil),
            ("--health-exit-code", healthExitCode != nil),
            ("--health-follow-redirects", healthFollowRedirects),
        ]
        return given.first(where: \.1)?.0
    }
}
