import Reporting

/// What the server counts of itself, for a monitoring system.
struct ServerFigures {
    let site: Site

    /// One family for each figure.
    var families: [MetricFamily] {
        let streams = site.slots.count
        let renderings = site.cache.count
        let answers = site.answers.count
        return [
            gauge(
                "deploy_dashboard_ledger_readable", "Whether the ledger can be read.",
                .count(site.live.now.isReadable ? 1 : 0)),
            gauge(
                "deploy_dashboard_streams", "Event streams that are open.",
                .count(Int64(streams.open))),
            counter("deploy_dashboard_streams_begun", "Event streams begun.", streams.begun),
            counter(
                "deploy_dashboard_streams_refused", "Event streams refused: too many were open.",
                streams.refused),
            counter(
                "deploy_dashboard_streams_cut",
                "Event streams ended because their client took nothing.", streams.cut),
            counter(
                "deploy_dashboard_renderings", "Pages and documents rendered.",
                renderings.rendered),
            MetricFamily(
                name: "deploy_dashboard_rendering_seconds",
                help: "How long rendering took, reading included, all together.",
                content: .counter([.init(value: .microseconds(renderings.took))])),
            counter(
                "deploy_dashboard_renderings_reused", "Renderings that were sent again.",
                renderings.reused),
            counter(
                "deploy_dashboard_answers_unchanged",
                "Answers that a client already had (304).", renderings.unchanged),
            MetricFamily(
                name: "deploy_dashboard_answers", help: "Answers, by the class of their status.",
                content: .counter(
                    answers.enumerated().map { index, count in
                        .init(labels: [("status", "\(index + 1)xx")], value: .count(count))
                    })),
        ]
    }

    private func gauge(_ name: String, _ help: String, _ value: SampleValue) -> MetricFamily {
        MetricFamily(name: name, help: help, content: .gauge([.init(value: value)]))
    }

    private func counter(_ name: String, _ help: String, _ count: Int64) -> MetricFamily {
        MetricFamily(name: name, help: help, content: .counter([.init(value: .count(count))]))
    }
}
