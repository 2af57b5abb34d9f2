internal import Shared

/// The authentication on a connection of SMB, HTTP, LDAP or DCE-RPC: finds NTLM and Kerberos in the tokens, bare or
/// inside GSS-API and SPNEGO, and writes `ntlm` and `kerberos` records.
struct SecurityExchange: Sendable {
    private var ntlm = NTLMExchange()
    private var kerberos = KerberosExchange()

    init() {}

    /// Takes a token of either side. What is malformed becomes a `weird`, for the carrier goes on.
    mutating func token(_ bytes: ArraySlice<UInt8>, into sink: inout RecordSink) {
        guard !bytes.isEmpty else { return }
        if bytes.first == 0x60 || bytes.first == 0xA1 { sink.found(service: "gssapi") }
        do throws(DecodeError) {
            switch SPNEGO.token(in: bytes) {
            case .ntlm(let message):
                sink.found(service: "ntlm")
                try ntlm.token(message, into: &sink)
            case .kerberos(let message):
                sink.found(service: "krb")
                try kerberos.message(message, into: &sink)
            case nil: break
            }
        } catch {
            sink.weird("security_token_malformed", source: "gssapi")
        }
    }

    /// The carrier's verdict on what was presented last.
    mutating func outcome(success: Bool, into sink: inout RecordSink) {
        ntlm.outcome(success: success, into: &sink)
        kerberos.outcome(success: success, into: &sink)
    }

    /// Tells of what got no verdict.
    mutating func finish(into sink: inout RecordSink) {
        ntlm.finish(into: &sink)
        kerberos.finish(into: &sink)
    }
}
