/// The texts of the models' files.
public struct PatternTexts: ModelTexts {
    private let library: PatternLibrary

    public init(library: PatternLibrary) { self.library = library }

    public func title(of model: String, _ language: Language) -> String? {
        library.pattern(named: model).map { Self.text($0.title, language) }
    }

    public func sentence(of model: String, _ language: Language) -> String? {
        library.pattern(named: model).map { Self.text($0.sentence, language) }
    }

    private static func text(_ sentence: Pattern.Sentence, _ language: Language) -> String {
        language == .ja ? sentence.ja : sentence.en
    }
}
