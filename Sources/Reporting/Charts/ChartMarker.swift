/// The signs of series: different in shape, so that nobody needs to tell colours apart.
enum ChartMarker {
    /// How many there are; there are as many colours.
    static let count = 4

    /// - Parameter isHollow: whether it stands for another statistic than those that are filled.
    static func draw(_ index: Int, x: Double, y: Double, isHollow: Bool = false) -> String {
        let number = ChartSVG.number
        let kind = "class=\"mark \(isHollow ? "hollow " : "")s\(index)\""
        func path(_ points: [(Double, Double)]) -> String {
            let text = points.map { "\(number(x + $0.0)),\(number(y + $0.1))" }
            return "<polygon \(kind) points=\"\(text.joined(separator: " "))\"/>"
        }
        switch index % count {
        case 0: return "<circle \(kind) cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"2.6\"/>"
        case 1: return path([(0, -4.2), (4.2, 0), (0, 4.2), (-4.2, 0)])
        case 2: return path([(-3, -3), (3, -3), (3, 3), (-3, 3)])
        default: return path([(0, -4), (4, 3), (-4, 3)])
        }
    }
}
