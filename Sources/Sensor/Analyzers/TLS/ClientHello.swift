internal import Shared

/// What a client offers (RFC 8446 section 4.1.2; RFC 5246 section 7.4.1.2; DTLS: RFC 6347 section 4.2.1).
struct ClientHello: Sendable {
    /// The version field of the hello, which TLS 1.3 leaves at 1.2.
    let legacyVersion: TLSVersion
    let sessionID: [UInt8]
    let ciphers: [UInt16]
    let extensions: HelloExtensions
    /// Application protocols, raw.
    let alpn: [ArraySlice<UInt8>]

    /// Of a hello whose lengths lie, what can be told is read: ciphers to the end of it at most, and no extensions
    /// where there is no place for them.
    /// - Parameter isDatagram: a hello of DTLS, which has a cookie.
    /// - Throws: ``DecodeError`` when what stands before the ciphers is cut.
    init(_ message: ByteReader, isDatagram: Bool) throws(DecodeError) {
        var reader = message
        legacyVersion = TLSVersion(number: try reader.be())
        try reader.skip(32)
        sessionID = Array(try reader.vector(lengthBytes: 1).rest)
        if isDatagram { _ = try reader.vector(lengthBytes: 1) }
        ciphers = try reader.cutVector16().numbers16()
        let hasCompression = (try? reader.vector(lengthBytes: 1)) != nil
        extensions = hasCompression ? (try? HelloExtensions(&reader)) ?? HelloExtensions() : HelloExtensions()
        alpn = extensions.protocolNames()
    }

    func body(of type: UInt16) -> ByteReader? { extensions.body(of: type) }

    /// The host name of the server name indication (RFC 6066 section 3).
    var serverName: String? {
        guard var outer = body(of: HelloExtension.serverName),
            var names = try? outer.vector(lengthBytes: 2), (try? names.byte()) == 0,
            let name = try? names.vector(lengthBytes: 2)
        else { return nil }
        return name.rest.wireText
    }

    var groups: [UInt16] { list16(HelloExtension.supportedGroups) }
    var signatureAlgorithms: [UInt16] { list16(HelloExtension.signatureAlgorithms) }

    var pointFormats: [UInt8] {
        guard var outer = body(of: HelloExtension.pointFormats),
            let formats = try? outer.vector(lengthBytes: 1)
        else { return [] }
        return Array(formats.rest)
    }

    /// The versions of the extension of that name, without GREASE; empty before TLS 1.3.
    var supportedVersions: [UInt16] {
        guard var outer = body(of: HelloExtension.supportedVersions),
            let versions = try? outer.vector(lengthBytes: 1)
        else { return [] }
        return versions.numbers16().filter { !$0.isGrease }
    }

    /// A ticket of an earlier session is offered (RFC 5077).
    var offersTicket: Bool { (body(of: HelloExtension.sessionTicket)?.count ?? 0) > 0 }
    var offersPreSharedKey: Bool { body(of: HelloExtension.preSharedKey) != nil }

    private func list16(_ type: UInt16) -> [UInt16] {
        guard var outer = body(of: type), let list = try? outer.vector(lengthBytes: 2) else { return [] }
        return list.numbers16()
    }
}
