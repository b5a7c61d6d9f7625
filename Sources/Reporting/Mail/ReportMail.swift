import Queries
import SystemCalls
import Wording

/// A report as a mail that `sendmail -t` takes: a text of at most 72 columns, and the same as a page
/// of tables, without pictures, styles or anything to load.
package struct ReportMail: Sendable {
    private let to: [MailAddress]
    private let from: MailAddress?
    /// Mail programs cut off what is longer.
    ///
    /// Source: Gmail clips at 102 KB.
    private static let largestPage = 100_000

    /// - Parameter from: whose mail it is; the server writes the account's address when it is nil.
    package init(to: [MailAddress], from: MailAddress?) {
        self.to = to
        self.from = from
    }

    /// The whole message, its lines ended as programs on this machine expect them.
    package func text(_ report: PeriodReport, links: LinkTemplates) throws -> String {
        let page = try ReportTemplate(text: EmbeddedTemplates.mailHtml)
        let plain = try ReportTemplate(text: EmbeddedTemplates.mailTxt)
        var random = SystemRandomNumberGenerator()
        let id = String(random.next(), radix: 36) + String(random.next(), radix: 36)
        // Never a line of quoted-printable text.
        let boundary = "=_" + id
        var text = from.map { MailText.header("From", $0.encoded) } ?? ""
        text += "To: " + to.map(\.encoded).joined(separator: ",\n ") + "\n"
        text += MailText.header("Subject", Self.subject(report))
        text += "Date: \(Self.date(report.period.now, report.period.window.zone))\n"
        text += "Message-ID: <\(id)@\(Self.host)>\n"
        // So that nobody's absence is answered to it: RFC 3834.
        text += "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
        text += "Content-Type: multipart/alternative; boundary=\"\(boundary)\"\n\n"
        let bodies = [
            ("plain", MailText.wrapped(plain.render(report, links: links))),
            (
                "html",
                page.render(report, links: links, within: Self.largestPage)
                    ?? page.render(report, links: links)
            ),
        ]
        for (kind, body) in bodies {
            text += "--\(boundary)\nContent-Type: text/\(kind); charset=utf-8\n"
            text += "Content-Transfer-Encoding: quoted-printable\n\n"
            text += MailText.quotedPrintable(body) + "\n"
        }
        return text + "--\(boundary)--\n"
    }

    /// The verdict, the period and what happened.
    package static func subject(_ report: PeriodReport) -> String {
        let needed = report.attention.count
        let verdict = needed == 0 ? "OK" : "\(needed) to look at"
        return "[\(verdict)] Deployments \(report.period.label): \(report.headline)"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// Such as `Tue, 22 Sep 2026 12:00:00 +0200`.
    static func date(_ instant: Instant, _ zone: Zone) -> String {
        // Mail has no seconds of an offset.
        let minutes = zone.offsetSeconds(at: instant) / 60
        let clock = ClockText(instant.microseconds, offsetSeconds: minutes * 60)
        let date = zone.date(at: instant)
        let (year, month, day) = date.components
        let offset = Digits.padded(abs(minutes) / 60, 2) + Digits.padded(abs(minutes) % 60, 2)
        return "\(weekdays[date.weekday - 1]), \(day) \(months[month - 1]) "
            + "\(Digits.padded(year, 4)) \(clock.time) \(minutes < 0 ? "-" : "+")\(offset)"
    }

    /// This machine, as far as its name can stand in an address.
    private static var host: String {
        let name = Machine.hostName.unicodeScalars.filter { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic
                    || "0123456789-.".unicodeScalars.contains(scalar))
        }
        let host = String(String.UnicodeScalarView(name)).split(separator: ".").joined(
            separator: ".")
        return host.isEmpty ? "localhost" : host
    }
}
