internal import Shared

/// What the analyzers think of the first bytes of one side.
enum Recognition {
    case match(any ProtocolAnalyzer.Type)
    case needMore, noMatch

    /// Asks analyzers one after the other.
    /// - Parameter isDatagram: then more of it will not come: only those wait that must see several datagrams.
    init(_ bytes: RawSpan, from side: Side, by analyzers: [any ProtocolAnalyzer.Type], isDatagram: Bool = false) {
        self = .noMatch
        for type in analyzers {
            switch type.probe(bytes, from: side) {
            case .match:
                self = .match(type)
                return
            case .needMore: if !isDatagram || type.fewestDatagrams > 1 { self = .needMore }
            case .noMatch: break
            }
        }
    }

    /// Asks those whose questions others have too, of what answers one that waits.
    static func ofAnswer(
        _ answer: RawSpan, from side: Side, to question: [UInt8]
    ) -> (any ProtocolAnalyzer.Type)? {
        guard !question.isEmpty else { return nil }
        let question = question.span.bytes
        return AnalyzerRegistry.toldByAnswers.first { $0.probe(answer, from: side, to: question) == .match }
    }
}
