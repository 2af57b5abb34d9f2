internal import Shared

/// An extension of a hello: its number and its bytes (RFC 8446 section 4.2).
struct HelloExtension: Sendable {
    let type: UInt16
    let body: ByteReader

    static let serverName: UInt16 = 0
    static let supportedGroups: UInt16 = 10
    static let pointFormats: UInt16 = 11
    static let signatureAlgorithms: UInt16 = 13
    static let alpn: UInt16 = 16
    static let sessionTicket: UInt16 = 35
    static let preSharedKey: UInt16 = 41
    static let supportedVersions: UInt16 = 43
    static let keyShare: UInt16 = 51

    /// Extensions that one hello may have; real ones have under forty.
    static let limit = 256

    /// Reads the list at the end of a hello. What is cut there is left out, as servers do.
    static func list(_ reader: inout ByteReader) throws(DecodeError) -> [HelloExtension] {
        guard reader.count >= 2 else { return [] }
        var block = try reader.vector(lengthBytes: 2)
        var out: [HelloExtension] = []
        while block.count >= 4 {
            guard out.count < limit else { throw .limit(.count) }
            let type: UInt16 = try block.be()
            out.append(HelloExtension(type: type, body: try block.vector(lengthBytes: 2)))
        }
        return out
    }

    /// The names of an ALPN extension (RFC 7301 section 3.1), raw.
    func protocolNames() -> [ArraySlice<UInt8>] {
        var outer = body
        guard var names = try? outer.vector(lengthBytes: 2) else { return [] }
        var out: [ArraySlice<UInt8>] = []
        while out.count < Self.limit, let name = try? names.vector(lengthBytes: 1) { out.append(name.rest) }
        return out
    }
}
