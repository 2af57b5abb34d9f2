internal import Shared

/// Numbers of extensions of hellos (RFC 8446 section 4.2).
enum HelloExtension {
    static let serverName: UInt16 = 0
    static let supportedGroups: UInt16 = 10
    static let pointFormats: UInt16 = 11
    static let signatureAlgorithms: UInt16 = 13
    static let alpn: UInt16 = 16
    static let sessionTicket: UInt16 = 35
    /// The number that the key share had up to draft 22 of TLS 1.3.
    static let draftKeyShare: UInt16 = 40
    static let preSharedKey: UInt16 = 41
    static let supportedVersions: UInt16 = 43
    static let keyShare: UInt16 = 51
}

/// The extensions of a hello, as they stand in it.
struct HelloExtensions: Sendable {
    /// In the order of the hello.
    private(set) var types: [UInt16] = []
    private let block: ArraySlice<UInt8>
    /// Where in the block the bytes of each lie: a reader for each would be a reference for each.
    private var bounds: [Range<Int>] = []

    /// Extensions that one hello may have; real ones have under forty.
    private static let limit = 256
    private static let usualCount = 24

    /// None.
    init() { block = [] }

    /// Reads the list at the end of a hello. What would go on behind the end of the hello ends with it.
    /// - Throws: ``DecodeError/limit(_:)`` where there are too many.
    init(_ reader: inout ByteReader) throws(DecodeError) {
        guard reader.count >= 2 else {
            block = []
            return
        }
        var rest = try reader.cutVector16()
        block = rest.rest
        types.reserveCapacity(Self.usualCount)
        bounds.reserveCapacity(Self.usualCount)
        while rest.count >= 4 {
            guard types.count < Self.limit else { throw .limit(.count) }
            let type: UInt16 = try rest.be()
            bounds.append(try rest.cutVector16().range)
            types.append(type)
        }
    }

    var count: Int { types.count }

    /// The bytes of the first extension of that number.
    func body(of type: UInt16) -> ByteReader? { types.firstIndex(of: type).map { ByteReader(block[bounds[$0]]) } }

    /// The names of an ALPN extension (RFC 7301 section 3.1), raw.
    func protocolNames() -> [ArraySlice<UInt8>] {
        guard var outer = body(of: HelloExtension.alpn), var names = try? outer.vector(lengthBytes: 2)
        else { return [] }
        var out: [ArraySlice<UInt8>] = []
        while out.count < Self.limit, let name = try? names.vector(lengthBytes: 1) { out.append(name.rest) }
        return out
    }
}
