internal import Shared

/// What a server chose (RFC 8446 section 4.1.3; RFC 5246 section 7.4.1.3).
struct ServerHello: Sendable {
    let legacyVersion: TLSVersion
    /// The version that was agreed: that of `supported_versions` where it is there.
    let version: TLSVersion
    let sessionID: [UInt8]
    let cipher: UInt16
    let extensions: HelloExtensions
    /// It asks for another client hello (RFC 8446 section 4.1.4).
    let isRetryRequest: Bool

    /// - Throws: ``DecodeError`` when the fixed part is cut or has a version that never was.
    init(_ message: ByteReader) throws(DecodeError) {
        var reader = message
        legacyVersion = TLSVersion(number: try reader.be())
        guard legacyVersion.isKnown else { throw .invalid(.version) }
        isRetryRequest = try reader.take(32).elementsEqual(Self.retryRandom)
        // The drafts 18 to 21 of TLS 1.3 had neither session identifier nor compression method here.
        let isEarlyDraft = legacyVersion.number >> 8 == 0x7F
        sessionID = isEarlyDraft ? [] : Array(try reader.vector(lengthBytes: 1).rest)
        cipher = try reader.be()
        if !isEarlyDraft { try reader.skip(1) }
        extensions = try HelloExtensions(&reader)
        var chosen = extensions.body(of: HelloExtension.supportedVersions)
        version = (try? chosen?.be(UInt16.self)).map { TLSVersion(number: $0) } ?? legacyVersion
    }

    func body(of type: UInt16) -> ByteReader? { extensions.body(of: type) }

    /// The group of the server's key share (TLS 1.3).
    var keyShareGroup: UInt16? {
        var body = body(of: HelloExtension.keyShare) ?? body(of: HelloExtension.draftKeyShare)
        return try? body?.be(UInt16.self)
    }

    var alpn: ArraySlice<UInt8>? {
        extensions.protocolNames().first
    }

    /// SHA-256 of "HelloRetryRequest".
    private static let retryRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]
}
