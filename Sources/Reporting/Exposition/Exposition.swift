import JSON
import DeploymentMetrics

/// Metric families as text.
package enum Exposition: Sendable {
    /// Prometheus' text format 0.0.4, which the textfile collector of node_exporter takes.
    ///
    /// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
    case prometheus
    /// OpenMetrics 1.0.
    ///
    /// Source: <https://prometheus.io/docs/specs/om/open_metrics_spec/>
    case openMetrics

    /// All families, each once, in the given order.
    package func text(_ families: [MetricFamily]) -> String {
        families.map(text).joined() + (self == .openMetrics ? "# EOF\n" : "")
    }

    private func text(_ family: MetricFamily) -> String {
        let (type, suffix): (String, String) =
            switch family.content {
            case .counter: ("counter", "_total")
            case .gauge: ("gauge", "")
            case .histogram: ("histogram", "")
            // 0.0.4 has no such type.
            case .info: (self == .openMetrics ? "info" : "gauge", "_info")
            }
        // 0.0.4 describes the name of the samples, OpenMetrics the family without the suffix.
        let name = self == .openMetrics ? family.name : family.name + suffix
        let help = "# HELP \(name) \(escaped(family.help, quotes: self == .openMetrics))\n"
        var text = "# TYPE \(name) \(type)\n"
        if self == .openMetrics {
            if let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
            text += help
        } else {
            text = help + text
        }
        return text + samples(family.content, name: family.name + suffix)
    }

    private func samples(_ content: MetricFamily.Content, name: String) -> String {
        switch content {
        case .counter(let samples), .gauge(let samples):
            samples.map { line(name, $0.labels, number($0.value)) }.joined()
        case .info(let labels): line(name, labels, "1")
        case .histogram(let distributions): distributions.map { histogram(name, $0) }.joined()
        }
    }

    private func histogram(_ name: String, _ distribution: MetricFamily.Distribution) -> String {
        let buckets = distribution.buckets
        var text = ""
        var count: Int64 = 0
        for (index, more) in buckets.counts.enumerated() {
            count += more
            var bound = "+Inf"
            if index < buckets.bounds.count {
                // OpenMetrics requires the bounds of buckets as floats.
                bound = "\(buckets.bounds[index])" + (self == .openMetrics ? ".0" : "")
            }
            text += line(name + "_bucket", distribution.labels + [("le", bound)], "\(count)")
        }
        text += line(name + "_sum", distribution.labels, number(.microseconds(buckets.sum)))
        return text + line(name + "_count", distribution.labels, "\(count)")
    }

    private func line(_ name: String, _ labels: MetricFamily.Labels, _ value: String) -> String {
        let list = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        return name + (list.isEmpty ? "" : "{" + list.joined(separator: ",") + "}") + " \(value)\n"
    }

    private func number(_ value: SampleValue) -> String {
        switch value {
        case .count(let count): String(count)
        case .microseconds(let length): JSONValue.seconds(microseconds: length).line
        }
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: result.append(contentsOf: "\\\"".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
