import Testing

@testable import Sensor

@Suite("Pauses before the master is called again")
struct UplinkPausesTests {
    /// The most and the least that the pause number `index` may take, counted from 0.
    private func range(_ index: Int) -> ClosedRange<Duration> {
        let bounds = [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]
        return .seconds(bounds[index] / 2)...Duration.seconds(bounds[index])
    }

    @Test("A master that does not answer is called less and less often, up to twice a minute")
    func grow() {
        var pauses = UplinkPauses()
        for index in 0..<9 {
            let pause = pauses.next(connectedFor: nil)
            #expect(range(index).contains(pause), "\(index): \(pause)")
        }
    }

    @Test("A master that closes right after its welcome is called less and less often too")
    func closedAtOnce() {
        var pauses = UplinkPauses()
        for index in 0..<9 {
            let pause = pauses.next(connectedFor: .milliseconds(20))
            #expect(range(index).contains(pause), "\(index): \(pause)")
        }
    }

    @Test("After a connection that lasted, the master is called again at once")
    func afterUse() {
        var pauses = UplinkPauses()
        for _ in 0..<9 { _ = pauses.next(connectedFor: nil) }
        #expect(range(0).contains(pauses.next(connectedFor: .seconds(60))))
        #expect(range(1).contains(pauses.next(connectedFor: nil)))
    }
}
