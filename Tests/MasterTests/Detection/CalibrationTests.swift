import Testing

@testable import Master

@Suite struct CalibrationTests {
    private func score(_ calibration: Calibration, bits: Double) -> Double {
        calibration.score(model: "m", bits: bits, line: 20, deviceCount: 250, ageDays: 30)
    }

    @Test func theLineOfAQuietSiteIsTheModels() {
        let calibration = Calibration(budget: 30)
        #expect(score(calibration, bits: 20) == 70)
        #expect(score(calibration, bits: 30) == 90)
        #expect(score(calibration, bits: 15) < 70)
        #expect(score(calibration, bits: 60) < 100)
    }

    @Test func aNoisySiteRaisesItsLineUntilTheBudgetHolds() {
        var calibration = Calibration(budget: 30)
        for number in 0..<200 {
            calibration.note(
                model: "m", entity: "pc\(number)", beyond: Double(number % 8), before: nil, day: 100 + number / 10)
        }
        #expect(score(calibration, bits: 24) < 70)
        #expect(score(calibration, bits: 36) >= 70)
    }
}
