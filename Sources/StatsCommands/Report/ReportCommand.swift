import ArgumentParser
import CommandSupport
import JSON
import Ledger
import DeploymentMetrics
import Notifications
import Queries
import Reporting
import Status
import SystemCalls

/// The formats of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table, markdown, html, json
    /// A mail for `sendmail -t`.
    case mail
    /// For a script that tells people.
    case notification
}

/// `deploystats report`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report on a week: what needs attention, metrics and trends, charts, lists.",
        discussion: """
            What needs attention and what has changed comes first. The default is last week, or the \
            current one when the ledger began in it; the current week is compared with the same part \
            of the week before.

              deploystats report --format html --output week.html
              deploystats report --week this-week
              deploystats report --format markdown --summary    (in GitHub Actions)
              deploystats report --format mail --to ops@example.org | sendmail -t

            --template takes a Mustache template for a layout of your own; docs/report.md lists \
            what it can use.
            """)

    @Option(
        help: ArgumentHelp("A week: 2026-W38, last-week or this-week.", valueName: "week"),
        completion: .list(["last-week", "this-week"]))
    var week: String?

    @OptionGroup(title: "Window")
    var window: WindowOptions

    @OptionGroup(title: "Filters")
    var filters: FilterOptions

    @Option(help: "The format of the report.")
    var format = ReportFormat.table

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Show at most this many rows in a list and say when there are more; 0 for all.",
            valueName: "count"))
    var limit = PeriodReport.usualLimit

    @Option(
        help: ArgumentHelp(
            "A Mustache template to use instead of the built-in one.", valueName: "file"),
        completion: .file())
    var template: String?

    @Option(
        name: .customLong("link-template"),
        help: ArgumentHelp(
            """
            Link numbers or commits to an address: commit=https://…/{sha} or \
            deployment=https://…/{number}. Repeatable.
            """, valueName: "kind=address"))
    var linkTemplate: [String] = []

    @OptionGroup(title: "Mail")
    var mail: MailOptions

    @OptionGroup(title: "Output")
    var destination: ReportDestination

    @OptionGroup
    var colour: ColourOptions

    @OptionGroup(title: "Ledger")
    var ledger: LedgerOptions

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit must not be negative; 0 shows all") }
        if week != nil, window.since != nil || window.until != nil {
            throw ValidationError("--week excludes --since and --until")
        }
        if template != nil, [.table, .json, .mail].contains(format) {
            throw ValidationError("--template requires --format markdown, html or notification")
        }
        try mail.validate(isMail: format == .mail)
        if !linkTemplate.isEmpty, format == .table || format == .json {
            throw ValidationError(
                "--link-template requires --format html, markdown, mail or notification")
        }
        _ = try links()
        if destination.summary, format != .markdown {
            throw ValidationError("--summary requires --format markdown")
        }
    }

    func run() throws {
        let work = LongWork("making the report")
        let now = Instant(microseconds: Clock.wallMicroseconds())
        let asked = try period(now: now)
        let template = try template.map { path in
            try Failure.wrap { try ReportTemplate(path: path) }
        }
        let links = try links()
        let output = try destination.open()
        let configuration = try Configuration.forCommand()
        let targets = try Failure.mistakes { try Targets.configured(configuration) }
        let settings = try ledger.settings(configuration)
        let reader = try settings.open()
        let report = try work.read(reader) {
            let zone = try window.zoneOption.zone()
            let period =
                try asked
                ?? ReportPeriod(usualIn: zone, since: Coverage(reader.connection).first, now: now)
            return try PeriodReport(
                reader.connection, period: period, filter: filters.filter,
                targets: targets, limit: limit == 0 ? nil : limit,
                notices: Notices.interruptions(reader, in: period.window)
                    + missing(reader, period).sentences.map { "Missing: \($0)" }
                    + Notices.spool(settings), isDead: Liveness.isDead
            ) { step in work.goOn("making the report: \(step.place), \(step.rawValue)") }
        }
        let notes = try Notices.filter(filters.filter, reader)
        switch format {
        case .table:
            try output.write(PeriodText(style: colour.style).render(report))
        case .json: try output.write(report.json.with(notes: notes).document)
        case .mail:
            let message = ReportMail(to: try mail.recipients(), from: try mail.sender())
            try output.write(Failure.wrap { try message.text(report, links: links) })
        case .notification:
            let notification = try Failure.wrap {
                try Notification(
                    report, template: template, links: links, ledger: settings.path)
            }
            try output.write(notification.json.line + "\n")
        case .html:
            let template = try template ?? Failure.wrap { try ReportTemplate.html() }
            try output.write(template.render(report, links: links))
        case .markdown:
            let template = try template ?? Failure.wrap { try ReportTemplate.markdown() }
            guard let text = template.render(report, links: links, within: try output.room()) else {
                throw Failure.because(
                    "the report does not fit in the remaining space of the step's summary (1 MiB)")
            }
            try output.write(text)
        }
        try Notices.say(notes, belowTable: false)
    }

    private func links() throws -> LinkTemplates {
        do throws(LinkTemplates.Mistake) {
            return try LinkTemplates(linkTemplate)
        } catch {
            throw ValidationError("--link-template: \(error)")
        }
    }

    /// What is missing has nobody and no kind that a filter could ask for, but a lock.
    private func missing(
        _ reader: LedgerReader, _ period: ReportPeriod
    ) throws -> MissingNumbers {
        var others = filters.filter
        others.locks = []
        guard others.isEmpty else { return MissingNumbers() }
        return try Failure.wrap {
            try MissingNumbers(reader.connection, period.window, locks: filters.filter.locks)
        }
    }

    /// The period that was asked for; nil when none was.
    private func period(now: Instant) throws -> ReportPeriod? {
        if window.isGiven {
            let window = try window.window(now: now)
            return try Failure.mistakes { try ReportPeriod(window, now: now) }
        }
        let zone = try window.zoneOption.zone()
        return try week.map { week in
            try Failure.mistakes { try ReportPeriod(week: week, zone: zone, now: now) }
        }
    }
}

extension PeriodReport.Step {
    /// Such as `3 of 9`.
    fileprivate var place: String {
        "\((Self.allCases.firstIndex(of: self) ?? 0) + 1) of \(Self.allCases.count)"
    }
}
