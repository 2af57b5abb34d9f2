/// What the models' files say about themselves, for people.
public protocol ModelTexts: Sendable {
    /// Short plain words for a model that fired, with `{name}` where values go; nil for an unknown model.
    func title(of model: String, _ language: Language) -> String?
    /// Who did what, how much, to whom, and what was normal.
    func sentence(of model: String, _ language: Language) -> String?
}

/// No texts: every model is called by its name.
public struct NoModelTexts: ModelTexts {
    public init() {}
    public func title(of model: String, _ language: Language) -> String? { nil }
    public func sentence(of model: String, _ language: Language) -> String? { nil }
}
