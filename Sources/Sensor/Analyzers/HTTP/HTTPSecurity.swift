internal import Shared

/// NTLM and Negotiate tokens in headers (RFC 4559), joined over the messages of one connection.
struct HTTPSecurity: Sendable {
    init() {}

    /// Takes one token of either side.
    mutating func consume(_ token: [UInt8], from side: Side, into sink: inout RecordSink) {}
}
