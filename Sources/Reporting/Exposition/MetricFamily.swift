import DeploymentMetrics

/// A name with its samples, as monitoring systems that speak Prometheus' language take it.
package struct MetricFamily: Sendable {
    /// What a family is, with its samples.
    package enum Content: Sendable {
        /// Numbers that only grow; `_total` is added to the name.
        case counter([Sample])
        /// Numbers that go up and down.
        case gauge([Sample])
        /// Distributions over buckets.
        case histogram([Distribution])
        /// Words in labels, the value is 1; `_info` is added to the name.
        case info(Labels)
    }

    /// Names and values, in order.
    package typealias Labels = [(name: String, value: String)]

    /// One number.
    package struct Sample: Sendable {
        var labels: Labels = []
        let value: SampleValue

        /// A number with labels.
        package init(labels: Labels = [], value: SampleValue) {
            self.labels = labels
            self.value = value
        }
    }

    /// How many lengths of time there were up to each bound, and their sum.
    package struct Distribution: Sendable {
        var labels: Labels = []
        let buckets: BucketCounts
    }

    /// Without the suffix of its type; ASCII.
    package let name: String
    /// One sentence.
    package let help: String
    package let content: Content

    /// Puts a family together.
    package init(name: String, help: String, content: Content) {
        self.name = name
        self.help = help
        self.content = content
    }

    /// The same with more labels on every sample.
    package func labelled(_ more: Labels) -> MetricFamily {
        func add(_ samples: [Sample]) -> [Sample] {
            samples.map { Sample(labels: $0.labels + more, value: $0.value) }
        }
        let content: Content =
            switch content {
            case .counter(let samples): .counter(add(samples))
            case .gauge(let samples): .gauge(add(samples))
            case .histogram(let distributions):
                .histogram(
                    distributions.map {
                        Distribution(labels: $0.labels + more, buckets: $0.buckets)
                    })
            case .info(let labels): .info(labels + more)
            }
        return MetricFamily(name: name, help: help, content: content)
    }

    /// What its numbers are measured in, when the name ends with it.
    var unit: String? { name.hasSuffix("_seconds") ? "seconds" : nil }
}

/// A number of a sample.
package enum SampleValue: Sendable {
    case count(Int64)
    /// A length of time or, counted from 1970, a moment; written in seconds.
    case microseconds(Int64)
}
