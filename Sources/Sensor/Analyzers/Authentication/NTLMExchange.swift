internal import Shared

/// An NTLM authentication (MS-NLMP), whatever carries it: SMB, HTTP, LDAP or DCE-RPC hands over the tokens and, where
/// it knows it, the outcome.
struct NTLMExchange: Sendable {
    /// Names of the server from its challenge (MS-NLMP 2.2.2.1).
    private struct ServerNames: Sendable {
        var netBIOS: String?
        var dns: String?
        var tree: String?
    }

    /// What the client's last message said, until the outcome is known.
    private struct Authentication: Sendable {
        var time: Timestamp
        var user: String?
        var domain: String?
        var host: String?
    }

    private var server = ServerNames()
    private var pending: Authentication?
    /// When the exchange began that the client has not authenticated in yet.
    private var begin: Timestamp?

    /// AV pairs that are read of one challenge; MS-NLMP defines eleven.
    private static let pairLimit = 32
    /// "NTLMSSP" and a zero byte.
    private static let signature: UInt64 = 0x4E54_4C4D_5353_5000

    init() {}

    static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        (try? bytes.span.bytes.readBE(at: 0)) == signature
    }

    /// Takes one message: negotiate, challenge or authenticate.
    /// - Throws: ``DecodeError`` when it is malformed.
    mutating func token(_ bytes: ArraySlice<UInt8>, into sink: inout RecordSink) throws(DecodeError) {
        guard Self.isToken(bytes) else { throw .invalid(.magic) }
        var reader = ByteReader(bytes.dropFirst(8))
        switch try reader.le(UInt32.self) {
        case 1:
            if begin == nil, pending == nil { server = ServerNames() }
            begin = begin ?? sink.now
        case 2:
            begin = begin ?? sink.now
            try challenge(bytes)
        case 3:
            write(success: nil, into: &sink)
            pending = try Self.authenticate(bytes, at: sink.now)
            begin = nil
        default: throw .invalid(.type)
        }
    }

    /// The carrier says whether the server took it; nil when that was not seen.
    mutating func outcome(success: Bool?, into sink: inout RecordSink) { write(success: success, into: &sink) }

    /// Tells of an authentication whose outcome was not seen; of an exchange that ended before one, what the server
    /// said of itself.
    mutating func finish(into sink: inout RecordSink) {
        if pending == nil, let begin { pending = Authentication(time: begin) }
        begin = nil
        write(success: nil, into: &sink)
    }

    /// Bytes of a name that are kept: users and hosts have at most 256 characters of two bytes.
    private static let nameLimit = 512

    /// CHALLENGE_MESSAGE (section 2.2.1.2).
    private mutating func challenge(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
        server = ServerNames()
        guard bytes.count >= 48 else { return }
        var pairs = ByteReader(try Self.field(bytes, at: 40))
        for _ in 0..<Self.pairLimit {
            guard let type = try? pairs.le(UInt16.self), type != 0, let length = try? pairs.le(UInt16.self),
                let value = try? pairs.take(Int(length))
            else { return }
            switch type {
            case 1: server.netBIOS = UTF16Text.littleEndian(value.prefix(Self.nameLimit))
            case 3: server.dns = UTF16Text.littleEndian(value.prefix(Self.nameLimit))
            case 5: server.tree = UTF16Text.littleEndian(value.prefix(Self.nameLimit))
            default: break
            }
        }
    }

    /// AUTHENTICATE_MESSAGE (section 2.2.1.3).
    private static func authenticate(
        _ bytes: ArraySlice<UInt8>, at now: Timestamp
    ) throws(DecodeError) -> Authentication {
        var flagsReader = ByteReader(bytes.dropFirst(60))
        // NTLM 1 of old clients ends before the flags: its names are OEM text unless they look otherwise.
        let flags = (try? flagsReader.le(UInt32.self)) ?? 1
        func name(_ offset: Int) throws(DecodeError) -> String? {
            let value = try field(bytes, at: offset).prefix(nameLimit)
            let text = flags & 1 != 0 ? UTF16Text.littleEndian(value) : value.wireText
            return text.isEmpty ? nil : text
        }
        return Authentication(time: now, user: try name(36), domain: try name(28), host: try name(44))
    }

    /// Length, room and offset of a payload field, and what they point at.
    private static func field(
        _ bytes: ArraySlice<UInt8>, at offset: Int
    ) throws(DecodeError) -> ArraySlice<UInt8> {
        var reader = ByteReader(bytes.dropFirst(offset))
        let length = Int(try reader.le(UInt16.self))
        try reader.skip(2)
        let start = Int(try reader.le(UInt32.self))
        guard length > 0 else { return [] }
        guard start <= bytes.count, length <= bytes.count - start else {
            throw .truncated(needed: start &+ length, have: bytes.count)
        }
        return bytes.dropFirst(start).prefix(length)
    }

    private mutating func write(success: Bool?, into sink: inout RecordSink) {
        guard let record = pending else { return }
        pending = nil
        let ntlm = Records.ntlm
        sink.begin(ntlm, at: record.time)
        sink.batch.set(ntlm.username, record.user)
        sink.batch.set(ntlm.hostname, record.host)
        sink.batch.set(ntlm.domainname, record.domain)
        sink.batch.set(ntlm.serverNbComputerName, server.netBIOS)
        sink.batch.set(ntlm.serverDnsComputerName, server.dns)
        sink.batch.set(ntlm.serverTreeName, server.tree)
        sink.batch.set(ntlm.success, success)
        sink.end()
    }
}
