internal import Shared

/// Logins by name in sessions of OPC UA (OPC 10000-4 section 5.6.3) whose chunks are not encrypted. Passwords are
/// passed over; sessions without a user are none.
struct OPCUALogin: Sendable {
    private struct Pending: Sendable {
        let time: Timestamp
        let request: UInt32
        let user: String?
    }

    private static let activation: UInt16 = 467
    private static let activationResponse: UInt16 = 470
    private static let fault: UInt16 = 397
    /// Number of the encoding of a token that is a user's name and password (OPC 10000-6 annex A).
    private static let userNameToken = 324
    private static let userLimit = 256
    /// Certificates and languages that are passed over.
    private static let listLimit = 64

    private var pending: Pending?

    /// Takes a whole chunk, or the beginning of a long one.
    mutating func take(_ chunk: RawSpan, into sink: inout RecordSink) {
        guard chunk.starts(with: "MSG"), (try? chunk.readBE(at: 24, as: UInt16.self)) == 0x0100,
            let service = try? chunk.readLE(at: 26, as: UInt16.self),
            let request = try? chunk.readLE(at: 20, as: UInt32.self)
        else { return }
        switch service {
        case Self.activation:
            var reader = ByteReader(chunk.extracting(droppingFirst: 28).withUnsafeBytes { Array($0) })
            guard let user = try? Self.user(&reader) else { return }
            finish(into: &sink)
            pending = Pending(time: sink.now, request: request, user: user.nilIfEmpty)
        case Self.activationResponse, Self.fault:
            guard pending?.request == request, let result = try? chunk.readLE(at: 40, as: UInt32.self) else { return }
            write(result: result, into: &sink)
        default: break
        }
    }

    mutating func finish(into sink: inout RecordSink) { write(result: nil, into: &sink) }

    private mutating func write(result: UInt32?, into sink: inout RecordSink) {
        guard let login = pending else { return }
        pending = nil
        var attempt = LoginAttempt(time: login.time, user: login.user)
        if let result {
            // The two highest bits tell good, uncertain and bad (OPC 10000-4 section 7.39).
            attempt.success = result >> 30 == 0
            if result >> 30 != 0 { attempt.message = Self.reason(result) }
        }
        attempt.write(OPCUAAnalyzer.service, into: &sink)
    }

    private static func reason(_ result: UInt32) -> String {
        switch result >> 16 {
        case 0x801F: "BadUserAccessDenied"
        case 0x8020: "BadIdentityTokenInvalid"
        case 0x8021: "BadIdentityTokenRejected"
        case 0x8058: "BadUserSignatureInvalid"
        default: Hexadecimal.code(result, digits: 8)
        }
    }

    /// The user of a request that activates a session; nil when it shows none.
    private static func user(_ reader: inout ByteReader) throws(DecodeError) -> String? {
        // The request's header: token, time, handle, what to diagnose, entry of an audit, timeout, what is more.
        try skipNode(&reader)
        try reader.skip(16)
        try skipBytes(&reader)
        try reader.skip(4)
        _ = try object(&reader)
        // The client's signature, its certificates of software, its languages.
        for _ in 0..<2 { try skipBytes(&reader) }
        for parts in [2, 1] {
            let count = try reader.le(Int32.self)
            guard count <= listLimit else { throw .limit(.length) }
            for _ in 0..<(Swift.max(0, Int(count)) * parts) { try skipBytes(&reader) }
        }
        let (token, count) = try object(&reader)
        guard token == userNameToken, count > 0 else { return nil }
        // Its body: the policy, the user; the password behind is not looked at.
        try skipBytes(&reader)
        let length = try reader.le(Int32.self)
        guard length >= 0 else { return "" }
        return try reader.take(Int(length)).prefix(userLimit).wireText
    }

    /// An object that tells its kind (OPC 10000-6 section 5.2.2.15). One with a body is passed over, except for that of
    /// a user's name, which the reader stands in front of then.
    private static func object(_ reader: inout ByteReader) throws(DecodeError) -> (kind: Int?, count: Int) {
        let kind = try skipNode(&reader)
        guard try reader.byte() != 0 else { return (kind, 0) }
        let count = Swift.max(0, Int(try reader.le(Int32.self)))
        if kind != userNameToken { try reader.skip(count) }
        return (kind, count)
    }

    /// The identifier of a node (OPC 10000-6 section 5.2.2.9).
    /// - Returns: its number, where it is one of the standard's.
    @discardableResult
    private static func skipNode(_ reader: inout ByteReader) throws(DecodeError) -> Int? {
        switch try reader.byte() & 0x3F {
        case 0: return Int(try reader.byte())
        case 1:
            let space = try reader.byte()
            let number = Int(try reader.le(UInt16.self))
            return space == 0 ? number : nil
        case 2: try reader.skip(6)
        case 4: try reader.skip(18)
        case 3, 5:
            try reader.skip(2)
            try skipBytes(&reader)
        default: throw .invalid(.type)
        }
        return nil
    }

    private static func skipBytes(_ reader: inout ByteReader) throws(DecodeError) {
        try reader.skip(Swift.max(0, Int(try reader.le(Int32.self))))
    }
}
