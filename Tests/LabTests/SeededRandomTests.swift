@testable import Lab
import Testing

@Suite struct SeededRandomTests {
    // First outputs of xoshiro256** for the state 1, 2, 3, 4 (from the authors' reference code).
    @Test func sequenceIsThatOfTheReference() {
        var random = SeededRandom(state: (1, 2, 3, 4))
        #expect((0..<4).map { _ in random.next() } == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
    }

    @Test func forksDependOnLabelAndNumbersOnly() {
        let root = SeededRandom(seed: 7)
        var used = root
        _ = used.next()
        var a = root.fork("day", 3)
        var b = used.fork("day", 3)
        var c = root.fork("day", 4)
        #expect(a.next() == b.next())
        #expect(a.next() != c.next())
    }

    @Test(arguments: [(0.0, 1.0), (10, 1024), (-1, 0.5), (0.5, 1.414_213_562_373_095)])
    func powersOfTwoAreRight(exponent: Double, expected: Double) {
        #expect(abs(SeededRandom.powerOfTwo(exponent) - expected) < 1e-12 * expected)
    }

    @Test func countsHaveTheirMean() {
        var random = SeededRandom(seed: 1)
        for mean in [0.3, 4.0, 40.0] {
            let sum = (0..<20_000).reduce(0) { total, _ in total + random.count(mean) }
            #expect(abs(Double(sum) / 20_000 - mean) < mean * 0.05)
        }
    }
}
