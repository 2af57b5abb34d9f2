import Shared
import Testing

@testable import Master

@Suite struct IncidentBookTests {
    private func alert(_ id: String, _ model: String, device: String, score: Double, hour: Int64) -> Alert {
        var alert = Alert()
        (alert.id, alert.model, alert.devices, alert.score) = (id, model, [device], score)
        alert.time = Timestamp(nanoseconds: 0) + .hours(hour)
        return alert
    }

    private func book() throws -> IncidentBook { IncidentBook(library: try PatternLibrary.load()) }

    @Test func alertsOfOneDeviceWithinHoursAreOneStoryThatWeighsMore() throws {
        var book = try book()
        let first = alert("a1", "Device / Network Scan", device: "pc", score: 75, hour: 1)
        let second = alert("a2", "Compromise / DNS Tunnelling", device: "pc", score: 78, hour: 3)
        let alone = book.add(first, at: first.time)
        let both = book.add(second, at: second.time)
        #expect(alone.score == 75)
        #expect(both.id == alone.id)
        #expect(both.score > 78 && both.score < 100)
        #expect(both.models.first == "Compromise / DNS Tunnelling")
    }

    @Test func alertsOfOtherDevicesAreOtherStories() throws {
        var book = try book()
        let first = alert("a1", "Device / Network Scan", device: "pc1", score: 75, hour: 1)
        let second = alert("a2", "Device / Network Scan", device: "pc2", score: 75, hour: 1)
        #expect(book.add(first, at: first.time).id != book.add(second, at: second.time).id)
    }

    /// A destination ties devices together when something worth telling happened there, not when everybody uses it.
    @Test(arguments: [(first: 90.0, second: 75.0, isOne: true), (90, 12, false), (12, 90, false), (8, 12, false)])
    func aSharedDestinationTiesNotableAlertsOnly(first: Double, second: Double, isOne: Bool) throws {
        var book = try book()
        var one = alert("a1", "Compromise / Beaconing Activity To External Rare", device: "pc1", score: first, hour: 1)
        var two = alert("a2", "Device / Network Scan", device: "pc2", score: second, hour: 2)
        (one.destinations, two.destinations) = (["meet.example"], ["meet.example"])
        #expect((book.add(one, at: one.time).id == book.add(two, at: two.time).id) == isOne)
    }
}
