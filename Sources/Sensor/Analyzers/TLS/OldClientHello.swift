internal import Shared

/// A client's hello in the form of SSL 2.0, with which clients asked up to TLS 1.1 for newer versions too (RFC 5246
/// appendix E.2): a record of two bytes of length, whose first bit is set, and in it type 1, the version, the lengths
/// of ciphers, session identifier and challenge, and these.
enum OldClientHello {
    /// The length of the record, type, version, and three lengths.
    static let headLength = 11
    private static let type: UInt8 = 1
    /// Ciphers of one hello; real ones have under a hundred, of three bytes.
    private static let cipherBytesLimit = 1024

    /// Whether the first bytes of a stream are one. Strict, for nothing else tells the protocol.
    static func probe(_ payload: RawSpan) -> ProbeResult {
        guard let first = try? payload.byte(at: 0), first & 0xF8 == 0x80 else { return .noMatch }
        guard let type = try? payload.byte(at: 2), let version = try? payload.readBE(at: 3, as: UInt16.self) else {
            return payload.byteCount < 3 ? .needMore : .noMatch
        }
        guard begins(first, type, version) else { return .noMatch }
        guard payload.byteCount >= headLength else { return .needMore }
        guard let length = try? Int(payload.readBE(at: 0, as: UInt16.self) & 0x7FFF) else { return .noMatch }
        return payload.byteCount <= 2 + length && addsUp(payload.extracting(droppingFirst: 5), length: length - 3)
            ? .match : .noMatch
    }

    /// Whether the first five bytes of a record can be such a hello's.
    static func begins(_ first: UInt8, _ type: UInt8, _ version: UInt16) -> Bool {
        first & 0x80 != 0 && type == Self.type && (version == 0x0002 || (0x0300...0x0303).contains(version))
    }

    /// Whether the three lengths are as SSL 2.0 has them, and no bytes are left over.
    /// - Parameters:
    ///   - rest: what stands behind the version, or its beginning.
    ///   - length: bytes of it in the record.
    static func addsUp(_ rest: RawSpan, length: Int) -> Bool {
        guard let ciphers = try? Int(rest.readBE(at: 0, as: UInt16.self)),
            let identifier = try? Int(rest.readBE(at: 2, as: UInt16.self)),
            let challenge = try? Int(rest.readBE(at: 4, as: UInt16.self))
        else { return false }
        return ciphers > 0 && ciphers % 3 == 0 && ciphers <= cipherBytesLimit && (identifier == 0 || identifier == 16)
            && (16...32).contains(challenge) && length == 6 + ciphers + identifier + challenge
    }
}
