/// Languages of the console and of reports.
public enum Language: String, Sendable, CaseIterable, Codable {
    case en, ja

    /// The language that a browser asks for first among ours (RFC 9110 §12.5.4); English when none is.
    /// Weights are compared, the order breaks ties.
    public init(acceptLanguage header: String?) {
        var best: (language: Language, weight: Double)?
        for part in (header ?? "").split(separator: ",").prefix(20) {
            let pieces = part.split(separator: ";").map { $0.trimmingSpaces }
            guard let tag = pieces.first?.lowercased().prefix(2), let language = Language(rawValue: String(tag))
            else { continue }
            let weight = pieces.dropFirst().first.flatMap { Double($0.drop { $0 != "=" }.dropFirst()) } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        self = best?.language ?? .en
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
