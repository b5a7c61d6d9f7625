import Wording

extension ChartSVG {
    /// The values, or that there are none.
    var drawn: [String] {
        let isEmpty = chart.series.allSatisfy { $0.marks.allSatisfy { $0 == nil } }
        if isEmpty {
            let middle = (layout.plot.left + layout.plot.right) / 2
            let height = (layout.plot.top + layout.plot.bottom) / 2 + 10
            return [Self.label("", middle, height, "nothing was measured", "middle")]
        }
        if chart.isStacked { return stacked }
        return chart.series.enumerated().flatMap { index, series in draw(series, index) }
    }

    private func middle(_ mark: Chart.Mark) -> (x: Double, y: Double) {
        ((x(mark.since) + x(mark.until)) / 2, y(mark.value))
    }

    private func draw(_ series: Chart.Series, _ index: Int) -> [String] {
        let marks = series.marks.compactMap { $0 }
        if series.shape == .bars {
            return marks.filter { $0.value > 0 }.map { mark in
                let (left, right) = (x(mark.since), x(mark.until))
                return Self.rectangle(
                    "s\(index)", left, y(mark.value), right - left, layout.plot.bottom)
            }
        }
        let lines = series.shape == .line ? runs(series).map { polyline($0, index) } : []
        return lines
            + marks.map { mark in
                let place = middle(mark)
                return ChartMarker.draw(index, x: place.x, y: place.y, isHollow: mark.isMaximum)
            }
    }

    /// Neighbours that both have a value, and one of the same kind.
    private func runs(_ series: Chart.Series) -> [[Chart.Mark]] {
        var runs: [[Chart.Mark]] = []
        var isOpen = false
        for mark in series.marks {
            defer { isOpen = mark != nil }
            guard let mark else { continue }
            if isOpen, runs.last?.last?.isMaximum == mark.isMaximum {
                runs[runs.count - 1].append(mark)
            } else {
                runs.append([mark])
            }
        }
        return runs.filter { $0.count > 1 }
    }

    private func polyline(_ run: [Chart.Mark], _ index: Int) -> String {
        let points = run.map(middle).map { "\(Self.number($0.x)),\(Self.number($0.y))" }
        let kind = run[0].isMaximum ? "line faint s\(index)" : "line s\(index)"
        return "<polyline class=\"\(kind)\" points=\"\(points.joined(separator: " "))\"/>"
    }

    /// Bars upon each other, with how many there are in all and, where there is room, of the first kind.
    private var stacked: [String] {
        guard let first = chart.series.first else { return [] }
        return first.marks.indices.flatMap { place -> [String] in
            let marks = chart.series.compactMap { $0.marks[place] }
            guard let mark = marks.first else { return [] }
            let all = marks.reduce(0) { $0 + $1.value }
            let (from, to) = (x(mark.since), x(mark.until))
            // Room between the bars.
            let (left, width) = (from + (to - from) * 0.12, (to - from) * 0.76)
            var below: Int64 = 0
            var parts: [String] = []
            for (index, mark) in marks.enumerated() where mark.value > 0 {
                parts.append(
                    Self.rectangle(
                        "o\(index)", left, y(below + mark.value), width, y(below)))
                below += mark.value
            }
            guard all > 0 else { return parts }
            let failed = marks[0].value > 0 ? "\(marks[0].value) \(first.name)" : ""
            let texts = [failed.isEmpty ? "\(all)" : "\(all), \(failed)", "\(all)"]
            let text = texts.first { Double($0.columnWidth) * 5.4 < to - from }
            if let text {
                parts.append(Self.label("small", (from + to) / 2, y(all) - 4, text, "middle"))
            }
            return parts
        }
    }
}

extension Chart {
    /// Whether series stand upon each other.
    var isStacked: Bool { series.contains { $0.shape == .stacked } }

    /// How high what is drawn goes.
    var heights: [Int64] {
        guard isStacked else {
            return series.flatMap { $0.marks.compactMap { $0?.value } }
        }
        return (series.first?.marks.indices ?? 0..<0).map { place in
            series.reduce(0) { $0 + ($1.marks[place]?.value ?? 0) }
        }
    }
}
