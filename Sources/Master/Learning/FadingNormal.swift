/// Mean and variance of values whose weight halves with time.
///
/// As a prior and a past together they predict with a Student distribution (normal with unknown mean and variance,
/// conjugate prior; Gelman et al., Bayesian Data Analysis, section 3.3).
struct FadingNormal: StateCoded, Sendable {
    /// Values so far, faded.
    var weight: Float = 0
    var mean: Float = 0
    /// Sum of squares about the mean, faded.
    private var squares: Float = 0
    /// Day of the last value.
    private var day: Int32 = 0

    init() {}

    /// A prior: `weight` values with this mean and deviation.
    init(weight: Double, mean: Double, deviation: Double) {
        self.weight = Float(weight)
        self.mean = Float(mean)
        squares = Float(weight * deviation * deviation)
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&weight)
        coder.code(&mean)
        coder.code(&squares)
        coder.code(&day)
    }

    /// - Parameter halfLifeDays: after how many days a value weighs half.
    mutating func add(_ value: Double, day today: Int, halfLifeDays: Double) {
        if Int32(today) > day, weight > 0 {
            let fade = Float(Surprise.exp2(-Double(Int32(today) - day) / halfLifeDays))
            weight *= fade
            squares *= fade
        }
        day = max(day, Int32(today))
        let x = Float(value)
        weight += 1
        let delta = x - mean
        mean += delta / weight
        squares += delta * (x - mean)
    }

    /// What is expected next, shrunk toward `prior` whose weight is at most `limit` values.
    func prediction(prior: FadingNormal, limit: Float) -> Prediction {
        let k = max(0.01, min(limit, prior.weight))
        let n = weight
        let priorVariance = prior.weight > 0 ? prior.squares / prior.weight : 1
        let location = (k * prior.mean + n * mean) / (k + n)
        let gap = mean - prior.mean
        let spread = (k * priorVariance + squares + k * n / (k + n) * gap * gap) / (k + n)
        let scale = (max(spread, 1e-4) * (1 + 1 / (k + n))).squareRoot()
        return Prediction(location: Double(location), scale: Double(scale), degrees: Double(max(2, k + n)))
    }

    /// The same as a prior for others.
    func asPrior(over prior: FadingNormal, limit: Float) -> FadingNormal {
        let told = prediction(prior: prior, limit: limit)
        return FadingNormal(weight: Double(weight) + 1, mean: told.location, deviation: told.scale)
    }
}

/// A Student distribution of what comes next.
struct Prediction: Sendable {
    var location: Double
    var scale: Double
    var degrees: Double

    /// -log2 of the chance of `value` or more.
    func bits(_ value: Double) -> Double { Surprise.studentTail((value - location) / scale, degrees: degrees) }

    /// 10 % and 90 % quantiles, to within a few percent (the normal ones, widened for few degrees of freedom).
    var range: ClosedRange<Double> {
        let half = 1.2816 * scale * (1 + 1.1 / degrees)
        return location - half...location + half
    }
}
