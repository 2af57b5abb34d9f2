internal import Shared

/// A message of Kerberos 5 (RFC 4120 section 5), as far as records tell of it.
struct KerberosMessage: Sendable {
    enum Kind: UInt8, Sendable {
        case asRequest = 0x6A, asReply = 0x6B, tgsRequest = 0x6C, tgsReply = 0x6D
        case apRequest = 0x6E, apReply = 0x6F, error = 0x7E
    }

    /// The ticket's clear part (section 5.3).
    struct Ticket: Sendable {
        var realm: String?
        var service: String?
        var cipher: Int64?
    }

    let kind: Kind
    private(set) var clientName: String?
    private(set) var clientRealm: String?
    private(set) var serviceName: String?
    private(set) var from: Timestamp?
    private(set) var till: Timestamp?
    /// KDCOptions (section 5.4.1), first bit highest.
    private(set) var options: UInt32?
    private(set) var ticket: Ticket?
    /// Types of the pre-authentication data of a request (section 5.2.7), nil where it has none.
    private(set) var preAuthTypes: [Int64]?
    /// Encryption types that a request offers (section 5.4.1).
    private(set) var requestCiphers: [Int64]?
    /// Encryption type of a reply's own encrypted part.
    private(set) var replyCipher: Int64?
    private(set) var errorCode: UInt64?
    private(set) var errorText: String?
    /// The first certificate of PKINIT data (RFC 4556), its DER form.
    private(set) var certificate: ArraySlice<UInt8>?

    /// Fields of one message that are read; the richest has thirteen.
    private static let fieldLimit = 32

    /// - Throws: ``DecodeError`` when it is no message of Kerberos or cut.
    init(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
        var reader = DERReader(bytes)
        let outer = try reader.next()
        guard let kind = Kind(rawValue: outer.tag) else { throw .invalid(.type) }
        self.kind = kind
        var content = outer.children
        var fields = try content.next(DERTag.sequence).children
        for _ in 0..<Self.fieldLimit {
            guard !fields.isEmpty else { break }
            let field = try fields.next()
            var inner = field.children
            guard field.isConstructed, !inner.isEmpty else { continue }
            try read(field.tag & 0x1F, try inner.next())
        }
    }

    private mutating func read(_ number: UInt8, _ value: DERElement) throws(DecodeError) {
        switch (kind, number) {
        case (.asRequest, 3), (.tgsRequest, 3):
            certificate = PKINITData.certificate(inList: value)
            preAuthTypes = Self.preAuthTypes(value)
        case (.asReply, 2), (.tgsReply, 2): certificate = PKINITData.certificate(inList: value)
        case (.asReply, 6), (.tgsReply, 6): replyCipher = try Self.cipher(value)
        case (.asRequest, 4), (.tgsRequest, 4): try readBody(value)
        case (.asReply, 3), (.tgsReply, 3): clientRealm = Self.name(value)
        case (.asReply, 4), (.tgsReply, 4): clientName = try Self.principal(value)
        case (.asReply, 5), (.tgsReply, 5), (.apRequest, 3): ticket = try Self.ticket(value)
        case (.error, 6): errorCode = value.integer.flatMap { UInt64(exactly: $0) }
        case (.error, 7): clientRealm = Self.name(value)
        case (.error, 8): clientName = try Self.principal(value)
        case (.error, 10): serviceName = try Self.principal(value)
        case (.error, 11): errorText = Self.name(value)
        default: break
        }
    }

    /// KDC-REQ-BODY (section 5.4.1).
    private mutating func readBody(_ body: DERElement) throws(DecodeError) {
        var fields = body.children
        for _ in 0..<Self.fieldLimit {
            guard !fields.isEmpty else { return }
            let field = try fields.next()
            var inner = field.children
            let value = try inner.next()
            switch field.tag & 0x1F {
            case 0: options = value.content.dropFirst().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            case 1: clientName = try Self.principal(value)
            case 2: clientRealm = Self.name(value)
            case 3: serviceName = try Self.principal(value)
            case 4: from = DERTime.timestamp(value)
            case 5: till = DERTime.timestamp(value)
            case 8: requestCiphers = Self.integers(value)
            default: break
            }
        }
    }

    /// Bytes of a realm, of a part of a name or of an error's text that are kept: Active Directory's have at most 256.
    private static let textLimit = 256

    private static func name(_ value: DERElement) -> String { value.content.prefix(textLimit).wireText }

    /// PrincipalName (section 5.2.2), its parts joined by slashes.
    private static func principal(_ value: DERElement) throws(DecodeError) -> String {
        var fields = value.children
        _ = try fields.optional(DERTag.context(0))
        var inner = try fields.next(DERTag.context(1)).children
        var strings = try inner.next(DERTag.sequence).children
        var parts: [String] = []
        while !strings.isEmpty, parts.count < fieldLimit { parts.append(name(try strings.next())) }
        return parts.joined(separator: "/")
    }

    /// Types of a SEQUENCE OF PA-DATA; what is malformed ends the list.
    private static func preAuthTypes(_ list: DERElement) -> [Int64] {
        var (items, types) = (list.children, [Int64]())
        while types.count < fieldLimit, var item = try? items.next().children,
            var type = try? item.next(DERTag.context(1)).children, let number = try? type.next().integer
        {
            types.append(number)
        }
        return types
    }

    private static func integers(_ list: DERElement) -> [Int64] {
        var (items, numbers) = (list.children, [Int64]())
        while numbers.count < fieldLimit, let number = try? items.next(DERTag.integer).integer {
            numbers.append(number)
        }
        return numbers
    }

    /// The type of EncryptedData (section 5.2.9).
    private static func cipher(_ value: DERElement) throws(DecodeError) -> Int64? {
        var parts = value.children
        var cipher = try parts.next(DERTag.context(0)).children
        return try cipher.next(DERTag.integer).integer
    }

    private static func ticket(_ value: DERElement) throws(DecodeError) -> Ticket {
        var ticket = Ticket()
        var content = value.children
        var fields = try content.next(DERTag.sequence).children
        for _ in 0..<fieldLimit {
            guard !fields.isEmpty else { break }
            let field = try fields.next()
            var inner = field.children
            let part = try inner.next()
            switch field.tag & 0x1F {
            case 1: ticket.realm = name(part)
            case 2: ticket.service = try principal(part)
            case 3: ticket.cipher = try cipher(part)
            default: break
            }
        }
        return ticket
    }
}
