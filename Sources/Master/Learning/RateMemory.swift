/// A rate of events an hour with fading memory: the gamma distribution's parameters.
struct RateMemory: StateCoded {
    private var sum: Float = 0
    private var hours: Float = 0
    private var lastHour = 0

    static let halfLifeHours = 14.0 * 24

    init() {}

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&sum)
        coder.code(&hours)
        coder.code(&lastHour)
    }

    var isKnown: Bool { sum > 0.05 }
    var mean: Double { hours > 0 ? Double(sum / hours) : 0 }

    /// Adds the count of one hour; hours in between had none.
    mutating func add(_ count: Double, hour: Int) {
        let passed = lastHour == 0 ? 1 : max(0, hour - lastHour)
        lastHour = max(lastHour, hour)
        let fade = Float(Surprise.exp2(-Double(passed) / Self.halfLifeHours))
        sum = sum * fade + Float(count)
        hours = hours * fade + Float(passed)
    }

    /// Shape of the gamma distribution over a prior's; counts come in bursts, so that a hundred hours weigh as ten.
    func shape(_ prior: Double) -> Double { prior + Double(sum) / burstiness }
    func exposure(_ prior: Double) -> Double { prior + Double(hours) / burstiness }
    private var burstiness: Double { 12 }
}
