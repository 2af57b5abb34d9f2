import Testing

@testable import Master

/// Tails against values of the usual tables.
@Suite struct SurpriseTests {
    @Test(arguments: [(0.0, 1.0), (1.644_854, 4.321_93), (2.326_348, 6.643_86), (3.090_232, 9.965_78)])
    func normalTailIsMinusLogTwoOfTheTable(z: Double, bits: Double) {
        #expect(abs(Surprise.normalTail(z) - bits) < 1e-3)
    }

    @Test func normalTailGoesOnSmoothlyFarOut() {
        // P(Z > 6) = 9.865876e-10
        #expect(abs(Surprise.normalTail(6) - 29.917) < 0.1)
    }

    @Test func studentTailIsNearTheTable() {
        // 99.5 % quantile of t with 10 degrees of freedom: 3.169
        #expect(abs(Surprise.studentTail(3.169, degrees: 10) - 7.644) < 0.15)
    }

    @Test(arguments: 1...30) func countTailOfShapeOneIsGeometric(count: Int) {
        // Gamma(1, 1) mixed Poisson: P(N >= n) = 2^-n
        #expect(abs(Surprise.countTail(count, shape: 1, exposure: 1) - Double(count)) < 1e-3)
    }

    @Test func logGammaIsLogOfFactorial() {
        #expect(abs(Surprise.logGamma(11) - 15.104_412_573) < 1e-8)
        #expect(abs(Surprise.logGamma(0.5) - 0.572_364_943) < 1e-8)
    }
}
