/// The waiters of one lock, for its length as a step function over time.
struct QueueSteps {
    /// How many queued or went straight through.
    package var n: Int64 = 0
    private var comings: [Int64] = []
    private var leavings: [Int64] = []

    /// Adds one who waited between two moments, clipped to the window.
    package mutating func add(from: Int64, to: Int64) {
        guard to > from else { return }
        comings.append(from)
        leavings.append(to)
    }

    /// What the steps come to.
    package struct Figures {
        /// Waiters at the end of the window.
        var now: Int64 = 0
        /// Most waiters at a time.
        var max: Int64 = 0
        /// Length of the queue times time, in microseconds.
        var area: Int64 = 0
        /// Time with a long queue, in microseconds.
        var longTime: Int64 = 0
    }

    /// Goes through the steps in the order of time.
    package mutating func figures(until: Int64) -> Figures {
        // They come nearly in order, which makes sorting cheap.
        comings.sort()
        leavings.sort()
        var figures = Figures()
        var length: Int64 = 0
        var at = Int64.min
        var left = 0
        func pass(to moment: Int64) {
            if length >= Targets.longQueue { figures.longTime += moment - at }
            if length > 0 { figures.area += length * (moment - at) }
            at = moment
        }
        for moment in comings {
            // Who leaves at the moment another comes makes place first.
            while left < leavings.count, leavings[left] <= moment {
                pass(to: leavings[left])
                length -= 1
                left += 1
            }
            pass(to: moment)
            length += 1
            figures.max = Swift.max(figures.max, length)
        }
        while left < leavings.count, leavings[left] < until {
            pass(to: leavings[left])
            length -= 1
            left += 1
        }
        if length > 0 { pass(to: until) }
        figures.now = length
        return figures
    }
}
