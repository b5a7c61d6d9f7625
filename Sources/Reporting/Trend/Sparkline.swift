/// A row of small bars made of letters.
enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// One sign a value: bars start at zero, the highest is full, and a dot is no value.
    static func text(_ heights: [Double?]) -> String {
        let highest = heights.compactMap { $0 }.max() ?? 0
        return String(
            heights.map { height in
                guard let height else { return "·" }
                guard highest > 0, height > 0 else { return bars[0] }
                let step = Int((height / highest * Double(bars.count - 1)).rounded())
                return bars[min(max(step, 1), bars.count - 1)]
            })
    }
}
