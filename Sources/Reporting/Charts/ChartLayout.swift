import Wording

/// Where the parts of a chart are, in the units of its picture: one for a page, and one for a phone
/// whose letters are as large there.
struct ChartLayout {
    /// For whom it is drawn.
    enum Room: String {
        case wide, narrow
    }

    let room: Room
    let width: Double
    let height: Double
    /// The area of the values.
    let plot: (left: Double, right: Double, top: Double, bottom: Double)
    /// How many times are named along the axis.
    let ticks: Int
    /// What a line of text and a letter of it take.
    static let (line, letter) = (13.0, 6.2)

    /// - Parameters:
    ///   - entries: how many the legend has.
    ///   - beside: columns of text to the right of the values.
    init(_ room: Room, entries: Int, beside: Int) {
        self.room = room
        // Beside the values stands nothing that could give way, so letters may be wide.
        let margin = beside == 0 ? 14 : Double(beside) * (Self.letter + 0.8) + 12
        switch room {
        case .wide:
            (width, height, ticks) = (760, 260, 8)
            plot = (64, width - margin, 34, 206)
        case .narrow:
            let top = 22 + Double(max(entries, 1)) * Self.line
            (width, height, ticks) = (360, top + 222, 5)
            plot = (46, width - margin, top, top + 160)
        }
    }
}
