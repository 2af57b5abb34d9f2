/// A protocol whose client and server are told by what they say: of a connection that was picked up in its middle, the
/// server may count as the originator.
protocol ReversibleAnalyzer: ProtocolAnalyzer {
    /// Whether the client is the responder; nil until that is known.
    var isReversed: Bool? { get }
}

extension ReversibleAnalyzer {
    /// The client is `originator` for such an analyzer, whatever it is for the connection.
    func role(of side: Side) -> Side { isReversed == true ? side.other : side }
}
