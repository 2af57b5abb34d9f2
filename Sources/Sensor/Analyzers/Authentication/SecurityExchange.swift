internal import Shared

/// The authentication on a connection of SMB, HTTP, LDAP or DCE-RPC: finds NTLM and Kerberos in the tokens, bare or
/// inside GSS-API and SPNEGO, and writes `ntlm` and `kerberos` records.
struct SecurityExchange {
    /// Apart from its carrier and made with the first token: what it holds is large, and most carriers see none.
    private final class State {
        var ntlm = NTLMExchange()
        var kerberos = KerberosExchange()
    }

    private var state: State?

    init() {}

    /// Takes a token of either side. What is malformed becomes a `weird`, for the carrier goes on.
    mutating func token(_ bytes: ArraySlice<UInt8>, into sink: inout RecordSink) {
        guard !bytes.isEmpty else { return }
        if bytes.first == 0x60 || bytes.first == 0xA1 { sink.found(service: "gssapi") }
        do throws(DecodeError) {
            switch SPNEGO.token(in: bytes) {
            case .ntlm(let message):
                sink.found(service: "ntlm")
                // Where another mechanism is agreed on, the ticket that was shown first comes to nothing (RFC 4178
                // section 3.2).
                begun().kerberos.finish(into: &sink)
                try begun().ntlm.token(message, into: &sink)
            case .kerberos(let message):
                sink.found(service: "krb")
                try begun().kerberos.message(message, into: &sink)
            case nil: break
            }
        } catch {
            sink.weird("security_token_malformed", source: "gssapi")
        }
    }

    /// Takes a token of the server's, which may tell what became of the client's: NTLM and Kerberos inside of SPNEGO
    /// mostly end with a state and nothing else (RFC 4178 section 4.2.2).
    /// - Returns: whether the exchange goes on.
    @discardableResult
    mutating func answer(_ bytes: ArraySlice<UInt8>, into sink: inout RecordSink) -> Bool {
        token(bytes, into: &sink)
        switch SPNEGO.state(of: bytes) {
        case .acceptCompleted: outcome(success: true, into: &sink)
        case .reject: outcome(success: false, into: &sink)
        case .acceptIncomplete, .requestMIC: return true
        case nil: return SPNEGO.token(in: bytes) != nil
        }
        return false
    }

    private mutating func begun() -> State {
        if let state { return state }
        let new = State()
        state = new
        return new
    }

    /// The carrier's verdict on what was presented last; nil when it was not seen.
    func outcome(success: Bool?, into sink: inout RecordSink) {
        state?.ntlm.outcome(success: success, into: &sink)
        state?.kerberos.outcome(success: success, into: &sink)
    }

    /// Tells of what got no verdict.
    func finish(into sink: inout RecordSink) {
        state?.ntlm.finish(into: &sink)
        state?.kerberos.finish(into: &sink)
    }
}
