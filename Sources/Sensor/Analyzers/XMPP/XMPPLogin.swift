internal import Shared

/// A login by SASL in a stream of XMPP (RFC 6120 section 6, XEP-0388), from the method to the answer that ends it.
struct XMPPLogin: Sendable {
    private let time: Timestamp
    let client: Side
    private var exchange: SASLUser
    /// The server refuses: the element within tells why.
    private(set) var isRefused = false
    /// Why, as section 6.5 names it.
    private var condition: String?

    private static let conditionLimit = 64

    init(mechanism: String, client: Side, at time: Timestamp) {
        (exchange, self.client, self.time) = (SASLUser(mechanism: mechanism), client, time)
    }

    /// Takes a tag and the text in front of it.
    /// - Returns: whether the login was let in; nil as long as that is open.
    mutating func take(_ tag: XMLTag, behind text: RawSpan, from side: Side) -> Bool? {
        guard side != client else {
            if tag.isNamed("/auth"), text.byteCount == 0 { return nil }
            if tag.isNamed("/auth") || tag.isNamed("/response") || tag.isNamed("/initial-response") {
                exchange.take(base64: text)
            } else if tag.isEmpty || tag.isCut || tag.name.first == 0x2F, !tag.tellsProgram {
                // A response in other words may be behind it: then what comes is the password, not the user.
                exchange.lose()
            }
            return nil
        }
        if isRefused {
            if !tag.isNamed("/failure") { condition = tag.name.prefix(Self.conditionLimit).wireText }
            return false
        }
        if tag.isNamed("success") { return true }
        isRefused = tag.isNamed("failure")
        return isRefused && tag.isEmpty ? false : nil
    }

    /// Something of the client's was lost.
    mutating func lose() { exchange.lose() }

    func write(success: Bool?, into sink: inout RecordSink) {
        let attempt = LoginAttempt(time: time, user: exchange.user, success: success, message: condition)
        attempt.write(XMPPAnalyzer.service, into: &sink)
    }
}
