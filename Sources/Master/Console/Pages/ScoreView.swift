/// How a score is shown: the number, a bar and a class; never by colour alone.
enum ScoreView {
    /// `critical` from 90, `high` from 70 (DESIGN: high risk), `medium` from 40, else `low`.
    static func level(_ score: Double) -> String {
        score >= 90 ? "critical" : score >= 70 ? "high" : score >= 40 ? "medium" : "low"
    }

    static func values(_ score: Double) -> [String: Any] {
        let shown = Int(min(max(score, 0), 100).rounded(.down))
        return ["text": "\(shown)", "level": level(score), "width": "\(max(shown, 2))"]
    }

    /// A bar for bits of surprise: 64 bits fill it.
    static func bitsWidth(_ bits: Double) -> String { "\(Int(min(max(bits, 1), 64) / 64 * 100))" }
}
