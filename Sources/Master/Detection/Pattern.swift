/// A model as data: which observations about one entity, together within a window, mean something.
public struct Pattern: Codable, Equatable, Sendable {
    /// `Category / Name`.
    public var name: String
    /// ATT&CK techniques.
    public var attack: [String]
    /// `critical`, `suspicious`, `compliance` or `informational`.
    public var behaviour: String
    /// `device` or `user`.
    public var entity: String
    /// Step of an attack's chain that it shows: `access`, `discovery`, `movement`, `control`, `collection`,
    /// `exfiltration`, `impact`.
    public var stage: String
    /// Hours within which the observations lie.
    public var window: Double
    public var observations: [Need]
    /// Observations that silence it.
    public var vetoes: [Need]?
    /// Weighted bits below which nothing is said.
    public var minimum: Double
    /// Weighted bits that score 70 % before the site's past says otherwise.
    public var line: Double
    /// Hours during which repeats about the same thing grow one alert.
    public var throttle: Double
    /// Days a site must be known before the model speaks.
    public var matureDays: Double?
    public var title: Sentence
    public var sentence: Sentence

    /// One observation that a pattern wants to see.
    public struct Need: Codable, Equatable, Sendable {
        /// Name of the observation.
        public var observer: String
        /// Bits that it must have.
        public var minimum: Double
        public var weight: Double?
        /// Adds its bits when it is there, and is not missed when it is not.
        public var optional: Bool?
        /// Need not be about the same subject.
        public var anySubject: Bool?
    }

    /// A text in both languages, with `{value}` where a value goes.
    public struct Sentence: Codable, Equatable, Sendable {
        public var ja: String
        public var en: String
    }
}
