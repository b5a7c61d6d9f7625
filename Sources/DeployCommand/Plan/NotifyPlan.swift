import ArgumentParser
import CommandSupport

/// Who is told what of a deployment.
struct NotifyPlan: Sendable {
    /// What the command is given.
    enum Format: String, CaseIterable, Sendable {
        case json, cloudevents
    }

    /// For `/bin/sh`.
    let line: String
    /// What it is called for.
    let conditions: Set<NotifyCondition>
    /// Of one call, in µs.
    let timeout: Int64
    let format: Format

    private static let defaultTimeout: Int64 = 10_000_000
    /// Of all calls once the lock is free, in µs.
    static let totalTime: Int64 = 15_000_000

    /// Nil when nobody is told.
    init?(_ request: NotifyRequest, _ configuration: Configuration) throws {
        let given = configuration.given(request.notify, "--notify", "DEPLOY_NOTIFY")
        guard let line = given?.text else {
            if let option = request.detail {
                throw ValidationError("\(option) requires --notify")
            }
            return nil
        }
        self.line = line
        conditions =
            try configuration.given(request.notifyOn, "--notify-on", "DEPLOY_NOTIFY_ON")
            .map(Self.conditions) ?? NotifyCondition.usual
        let limit = configuration.given(
            request.notifyTimeout, "--notify-timeout", "DEPLOY_NOTIFY_TIMEOUT")
        timeout = try limit?.duration() ?? Self.defaultTimeout
        if let limit, timeout > Self.totalTime {
            throw ValidationError("\(limit.place) must be at most 15s, not '\(limit.text)'")
        }
        let form = configuration.given(
            request.notifyFormat, "--notify-format", "DEPLOY_NOTIFY_FORMAT")
        format = try form.map(Self.format) ?? .json
    }

    private static func conditions(_ setting: Configuration.Setting) throws -> Set<NotifyCondition>
    {
        let words = setting.text.split(separator: ",").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        guard !words.isEmpty else { throw ValidationError("\(setting.place) names no condition") }
        if words.contains("all") { return Set(NotifyCondition.allCases) }
        return Set(
            try words.map { word in
                guard let condition = NotifyCondition(rawValue: word) else {
                    throw ValidationError(
                        "\(setting.place): unknown condition '\(word)'; expected all or some of "
                            + NotifyCondition.allCases.map(\.rawValue).joined(separator: ", "))
                }
                return condition
            })
    }

    private static func format(_ setting: Configuration.Setting) throws -> Format {
        guard let format = Format(rawValue: setting.text) else {
            throw ValidationError(
                "\(setting.place): unknown format '\(setting.text)'; expected json or cloudevents")
        }
        return format
    }
}

extension NotifyRequest {
    /// An option that says nothing without a command.
    fileprivate var detail: String? {
        let given: [(String, Bool)] = [
            ("--notify-on", notifyOn != nil), ("--notify-timeout", notifyTimeout != nil),
            ("--notify-format", notifyFormat != nil),
        ]
        return given.first(where: \.1)?.0
    }
}
