import Shared
import Testing

@testable import Master

/// The same log gives the same alerts, however often the engine is stopped on the way.
@Suite struct RestartTests {
    private func story() throws -> Office {
        var office = try Office()
        office.work(days: 0..<12)
        for number in 0..<120 {
            let time = Office.at(day: 11, hour: 14) + .seconds(Int64(number * 5))
            office.ntlm("10.0.0.14", "10.0.0.3", user: "u\(number % 9)", success: false, at: time)
            office.conn(
                "10.0.0.15", "10.0.9.\(number)", port: 22, at: time, seconds: 0, sent: 0, received: 0, state: "S0")
            office.dns(
                "10.0.0.16", String(StableHash.mix(UInt64(number)), radix: 36) + "aaaabbbbcccc.t.hole.example",
                at: time, type: "TXT", answers: ["x"])
            office.conn("10.0.0.17", "198.51.100.8", port: 8443, at: time, sent: 300, received: 100)
        }
        return office
    }

    @Test func twoRunsGiveIdenticalAlertsAndIncidents() throws {
        var (first, second) = (try story(), try story())
        try first.play()
        try second.play()
        #expect(!first.alerts.isEmpty)
        #expect(first.alerts == second.alerts)
        #expect(first.incidents == second.incidents)
    }

    @Test(arguments: [[1], [7, 900, 901], [2500, 4000, 5500], [300, 6900, 7000, 7100]])
    func restartsInBetweenChangeNothing(cuts: [Int]) throws {
        var (whole, cut) = (try story(), try story())
        try whole.play()
        try cut.play(cuts: Set(cuts))
        #expect(!whole.alerts.isEmpty)
        #expect(whole.alerts == cut.alerts)
        #expect(whole.incidents == cut.incidents)
    }
}
