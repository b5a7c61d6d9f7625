import DeploymentMetrics
import Wording

/// What the signs of a chart mean: in one line above the values, or where there is little room in one
/// line each.
struct ChartLegend {
    /// A sign and what it means.
    enum Entry {
        case series(Int, Chart.Series)
        /// The hollow signs.
        case maxima
    }

    private let picture: ChartSVG
    /// What a sign with the room around it takes.
    private static let sign = 30.0

    init(_ picture: ChartSVG) {
        self.picture = picture
    }

    static func entries(_ chart: Chart) -> [Entry] {
        let hasMaxima = chart.series.contains { $0.marks.contains { $0?.isMaximum ?? false } }
        return chart.series.enumerated().map { .series($0, $1) } + (hasMaxima ? [.maxima] : [])
    }

    /// The elements.
    var parts: [String] {
        let entries = Self.entries(picture.chart)
        let names = names(entries)
        var left = picture.layout.room == .wide ? picture.layout.plot.left : 14
        var base = 20.0
        return zip(entries, names).flatMap { entry, name -> [String] in
            defer {
                if picture.layout.room == .wide {
                    left += Self.sign + Double(name.columnWidth) * ChartLayout.letter
                } else {
                    base += ChartLayout.line
                }
            }
            return [
                sign(entry, left, base - 4),
                ChartSVG.label("", left + 10, base, name, "start"),
            ]
        }
    }

    /// Cut to the room there is.
    private func names(_ entries: [Entry]) -> [String] {
        let names = entries.map(\.name)
        let letter = ChartLayout.letter
        guard picture.layout.room == .wide else {
            let columns = Int((picture.layout.width - Self.sign) / letter)
            return names.map { $0.shortened(toColumns: columns) }
        }
        let room = picture.layout.width - picture.layout.plot.left
        let taken = names.reduce(0) { $0 + Self.sign + Double($1.columnWidth) * letter }
        guard taken > room else { return names }
        let each = Int((room / Double(max(names.count, 1)) - Self.sign) / letter)
        return names.map { $0.shortened(toColumns: each) }
    }

    private func sign(_ entry: Entry, _ x: Double, _ y: Double) -> String {
        switch entry {
        case .maxima: ChartMarker.draw(0, x: x, y: y, isHollow: true)
        case .series(let index, let series):
            switch series.shape {
            case .bars: ChartSVG.rectangle("s\(index)", x - 5, y - 5, 10, y + 5)
            case .stacked: ChartSVG.rectangle("o\(index)", x - 5, y - 5, 10, y + 5)
            case .line, .points: ChartMarker.draw(index, x: x, y: y)
            }
        }
    }
}

extension ChartLegend.Entry {
    fileprivate var name: String {
        switch self {
        case .series(_, let series): series.name
        case .maxima: "hollow: the maximum of fewer than \(Targets.enoughForP95)"
        }
    }
}
