internal import Shared

/// What a security token holds inside its wrappers: GSS-API (RFC 2743 section 3.1), SPNEGO (RFC 4178 section 4.2).
enum SPNEGO {
    enum Token: Sendable {
        case ntlm(ArraySlice<UInt8>)
        case kerberos(ArraySlice<UInt8>)
    }

    /// What a server says that it made of the tokens so far (negState, RFC 4178 section 4.2.2).
    enum State: Int64, Sendable {
        case acceptCompleted, acceptIncomplete, reject, requestMIC
    }

    /// Wrappers that are opened; real tokens have three.
    private static let depthLimit = 6

    /// 1.3.6.1.5.5.2.
    private static let mechanismSPNEGO: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x02]

    /// The innermost token, nil when there is none (a bare list of mechanisms, a bare state).
    static func token(in bytes: ArraySlice<UInt8>) -> Token? { token(in: bytes, depth: 0) }

    /// The state in a NegTokenResp, nil when there is none.
    static func state(of bytes: ArraySlice<UInt8>) -> State? {
        var reader = DERReader(bytes)
        guard reader.nextTag == DERTag.context(1), var outer = try? reader.next().children,
            var fields = try? outer.next(DERTag.sequence).children,
            // It stands first.
            var field = try? fields.next(DERTag.context(0)).children,
            let number = try? field.next(DERTag.enumerated).integer
        else { return nil }
        return State(rawValue: number)
    }

    private static func token(in bytes: ArraySlice<UInt8>, depth: Int) -> Token? {
        guard depth < depthLimit, let first = bytes.first else { return nil }
        if NTLMExchange.isToken(bytes) { return .ntlm(bytes) }
        if KerberosMessage.Kind(rawValue: first) != nil { return .kerberos(bytes) }
        var reader = DERReader(bytes)
        guard let element = try? reader.next() else { return nil }
        switch element.tag {
        case 0x60:
            var parts = element.children
            guard let mechanism = try? parts.next(DERTag.objectIdentifier) else { return nil }
            // Kerberos in GSS-API puts two bytes of token type before its message (RFC 4121 section 4.1).
            let isSPNEGO = mechanism.content.elementsEqual(mechanismSPNEGO)
            let inner = parts.rest
            if !isSPNEGO, !NTLMExchange.isToken(inner) { return token(in: inner.dropFirst(2), depth: depth + 1) }
            return token(in: inner, depth: depth + 1)
        case 0xA0, 0xA1:
            var outer = element.children
            guard var fields = try? outer.next(DERTag.sequence).children else { return nil }
            while let field = try? fields.next() {
                guard field.tag == DERTag.context(2) else { continue }
                var inner = field.children
                guard let string = try? inner.next(DERTag.octetString) else { return nil }
                return token(in: string.content, depth: depth + 1)
            }
            return nil
        default: return nil
        }
    }
}
