import Testing

@testable import Sensor

/// When a sensor whose interfaces went away gives up.
@Suite struct InterfaceWatchTests {
    private let start = ContinuousClock.now
    private let watch = InterfaceWatch(patience: .seconds(60))

    @Test func anInterfaceIsWaitedForWithoutEndWhileAnotherOneWorks() {
        #expect(watch.begin())
        #expect(watch.begin())
        watch.end(at: start)
        #expect(!watch.isOver(at: start + .seconds(86_400)))
        #expect(watch.begin())
    }

    @Test func whenNoInterfaceIsLeftWaitingHasALimit() {
        #expect(watch.begin())
        #expect(watch.begin())
        watch.end(at: start)
        watch.end(at: start + .seconds(100))
        #expect(!watch.isOver(at: start + .seconds(159)))
        #expect(watch.isOver(at: start + .seconds(160)))
    }

    @Test func anInterfaceThatIsBackInTimeBeginsTheLimitAnew() {
        #expect(watch.begin())
        watch.end(at: start)
        #expect(!watch.isOver(at: start + .seconds(50)))
        #expect(watch.begin())
        #expect(!watch.isOver(at: start + .seconds(100)))
        watch.end(at: start + .seconds(200))
        #expect(!watch.isOver(at: start + .seconds(259)))
    }

    @Test func anInterfaceThatIsBackTooLateIsNotTaken() {
        #expect(watch.begin())
        watch.end(at: start)
        #expect(watch.isOver(at: start + .seconds(60)))
        #expect(!watch.begin())
    }
}
