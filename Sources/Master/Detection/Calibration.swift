import Shared

/// Turns bits into percent: 70 is the line that the site's own past crosses as often as its budget allows, 90 is
/// crossed a tenth as often (DESIGN.md, "Score").
///
/// Keeps, for each model and for all together, a fading histogram of how far past alerts lay beyond the model's own
/// line. While the site is young, the models' lines hold; where the past crosses them too often they rise.
struct Calibration: StateCoded {
    /// Alerts per 30 days per 250 devices.
    private var budget = 30.0
    private var overall = Tail()
    /// How far each entity's worst of the open day lay beyond its line: an attack that rings ten bells is one.
    private var today: [String: Double] = [:]
    private var openDay = 0
    private var models: [String: Tail] = [:]

    /// Bits between 70 and 90 %: where alerts become ten times rarer, by a tail that halves a bit.
    static let bitsPerTenth = 10.0
    /// Part of the budget that one model may use.
    static let modelShare = 0.34
    static let halfLifeDays = 30.0
    /// No past makes a plain attack invisible.
    static let maximumRise = 14.0

    init() {}
    init(budget: Double) { self.budget = budget }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&budget)
        coder.code(&overall)
        coder.code(&today)
        coder.code(&openDay)
        coder.code(&models)
    }

    /// Percent for `bits` of a model with this `line`.
    func score(model: String, bits: Double, line: Double, deviceCount: Int, ageDays: Double) -> Double {
        let allowed = budget * max(0.2, Double(deviceCount) / 250)
        let learned = max(
            overall.line(allowed: allowed, ageDays: ageDays),
            models[model]?.line(allowed: max(3, allowed * Self.modelShare), ageDays: ageDays) ?? 0)
        let rise = min(Self.maximumRise, learned) + Self.youngRise(ageDays)
        let beyond = bits - line - rise
        if beyond < 0 { return max(0, 70 + beyond * 4) }
        if beyond < Self.bitsPerTenth { return 70 + beyond / Self.bitsPerTenth * 20 }
        let rest = beyond - Self.bitsPerTenth
        return 90 + 9 * (1 - Surprise.exp2(-rest / Self.bitsPerTenth))
    }

    /// While a site is being learned, more must be seen. Not in its first hours: a capture has no past, and what is
    /// plain in it is plain.
    static func youngRise(_ ageDays: Double) -> Double {
        ageDays < 0.25 || ageDays >= 7 ? 0 : 8 * (1 - ageDays / 7)
    }

    /// Remembers an alert, `beyond` bits past its model's line; `before` is what it counted as until it grew.
    mutating func note(model: String, entity: String, beyond: Double, before: Double?, day: Int) {
        if day != openDay { (today, openDay) = ([:], day) }
        let worst = today[entity]
        if beyond < 0 {
            overall.note(beyond: beyond, before: worst ?? before, day: day)
            today[entity] = nil
        } else if beyond > worst ?? -1 {
            overall.note(beyond: beyond, before: worst ?? before, day: day)
            today[entity] = beyond
        }
        models[model, default: Tail()].note(beyond: beyond, before: before, day: day)
    }

    /// How many alerts lay how far beyond the line, a bit a bin, faded.
    struct Tail: StateCoded {
        private var bins = [Float](repeating: 0, count: 40)
        private var day = 0

        init() {}

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&bins)
            coder.code(&day)
        }

        mutating func note(beyond: Double, before: Double?, day today: Int) {
            if today > day {
                let fade = Float(Surprise.exp2(-Double(today - day) / Calibration.halfLifeDays))
                for index in bins.indices { bins[index] *= day == 0 ? 0 : fade }
                day = today
            }
            if let before, before >= 0 { bins[min(39, Int(before))] = max(0, bins[min(39, Int(before))] - 1) }
            if beyond >= 0 { bins[min(39, Int(beyond))] += 1 }
        }

        /// The lowest rise of the line at which no more than `allowed` alerts in 30 days lay beyond it.
        func line(allowed: Double, ageDays: Double) -> Double {
            // What a fading count of a steady stream comes to: its rate times the mean memory.
            let memory =
                Calibration.halfLifeDays * 1.4427 * (1 - Surprise.exp2(-max(7, ageDays) / Calibration.halfLifeDays))
            var above = 0.0
            for index in bins.indices.reversed() {
                above += Double(bins[index])
                // The models' own lines are worth half a month's past that just kept the budget.
                if above > allowed * (memory / 30 + 0.5) * 0.8 { return Double(index + 1) }
            }
            return 0
        }
    }
}
