@testable import DeploymentMetrics
import Testing

@Suite("Targets of rates")
struct RateTargetTests {
    @Test func `exactly one in ten is not below one in ten, however many there are`() {
        for part in Int64(1)...500 {
            func status(of whole: Int64) -> MetricStatus? {
                Metric(.skipRate, .init(part: part, whole: whole), target: Targets.builtIn.skipRate)
                    .status
            }
            #expect(status(of: part * 10) == .fail, "\(part) of \(part * 10)")
            #expect(status(of: part * 10 + 1) == .pass)
        }
    }
}
