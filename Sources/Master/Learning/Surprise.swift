import Foundation

/// Tails of predictive distributions, in bits.
enum Surprise {
    /// No single measurement says more than this.
    static let maximumBits = 60.0

    /// -log2 P(Z >= z) for a standard normal Z.
    static func normalTail(_ z: Double) -> Double {
        if z < 5 { return -log2(max(1e-300, 0.5 * erfc(z / 2.0.squareRoot()))) }
        // Mills' ratio: the tail beyond 5 is the density over z, to within 4 %.
        return min(maximumBits, (z * z / 2 + log(z) + 0.918_938_533) * 1.442_695_041)
    }

    /// -log2 P(T >= t) for Student's t, by Wallace's normal approximation (1959).
    static func studentTail(_ t: Double, degrees: Double) -> Double {
        let z = (8 * degrees + 1) / (8 * degrees + 3) * (degrees * log(1 + t * t / degrees)).squareRoot()
        return normalTail(t < 0 ? -z : z)
    }

    /// -log2 P(N >= count) for a count whose rate has a gamma distribution with `shape`, after `exposure` units of
    /// time, over the next unit (a negative binomial).
    static func countTail(_ count: Int, shape: Double, exposure: Double) -> Double {
        guard count > 0 else { return 0 }
        let success = exposure / (exposure + 1)
        let n = Double(count)
        let ways: Double = logGamma(shape + n) - logGamma(shape) - logGamma(n + 1)
        let first: Double = ways + shape * log(success) + n * log(1 - success)
        var (sum, term, k) = (1.0, 1.0, n)
        for _ in 0..<300 {
            term *= (shape + k) / (k + 1) * (1 - success)
            sum += term
            k += 1
            if term < sum * 1e-6 { break }
        }
        return min(maximumBits, max(0, -(first + log(sum)) * 1.442_695_041))
    }

    /// Logarithm of the gamma function by Stirling's series above 8 (NIST DLMF 5.11.1), below by recurrence.
    static func logGamma(_ x: Double) -> Double {
        var (z, shift) = (x, 0.0)
        while z < 8 {
            shift += log(z)
            z += 1
        }
        let inverse = 1 / (z * z)
        let series = (1 / 12.0 - inverse * (1 / 360.0 - inverse / 1260)) / z
        return (z - 0.5) * log(z) - z + 0.918_938_533_204_673 + series - shift
    }

    /// -log2 of the chance that an event with `hits` in `trials` happens, with a Beta prior of mean `prior` that
    /// weighs `weight` trials.
    static func event(hits: Double, trials: Double, prior: Double, weight: Double) -> Double {
        min(maximumBits, max(0, -log2((hits + prior * weight) / (max(hits, trials) + weight))))
    }

    static func log1p(_ value: Double) -> Double { Foundation.log1p(max(0, value)) }
    static func expm1(_ value: Double) -> Double { max(0, Foundation.expm1(min(60, value))) }
    static func log2(_ value: Double) -> Double { Foundation.log2(max(1e-300, value)) }
    static func exp2(_ value: Double) -> Double { Foundation.exp2(value) }
}
