internal import Shared

/// One element of BER or DER with a definite length (X.690 section 8.1).
struct DERElement: Sendable {
    /// The identifier octet: class, constructed bit and number.
    let tag: UInt8
    /// Identifier, length and content.
    let whole: ArraySlice<UInt8>
    /// Where the content begins in ``whole``: a second slice would be a second reference to count.
    fileprivate let contentStart: Int

    var content: ArraySlice<UInt8> { whole[contentStart...] }

    /// The elements inside.
    var children: DERReader { DERReader(content) }
    var isConstructed: Bool { tag & 0x20 != 0 }

    /// Its end is missing (``DERReader/nextBeginning()``).
    var isCut: Bool {
        (try? DERHead(whole.span.bytes)).map { $0.count + $0.contentCount > whole.count } ?? true
    }

    /// A small number (INTEGER, ENUMERATED), two's complement; nil when it does not fit into 64 bits.
    var integer: Int64? {
        content.withUnsafeBytes { content in
            guard let first = content.first, content.count <= 8 else { return nil }
            var value: Int64 = first & 0x80 == 0 ? 0 : -1
            for byte in content { value = value << 8 | Int64(byte) }
            return value
        }
    }

    var text: String { content.wireText }

    /// An OBJECT IDENTIFIER in dotted form (X.690 section 8.19).
    var objectIdentifier: String { ObjectIdentifierText.dotted(content) }
}

/// Identifier and length of an element, whose content may not be there yet.
struct DERHead: Sendable {
    let tag: UInt8
    /// Bytes of identifier and length.
    let count: Int
    let contentCount: Int

    /// - Throws: ``DecodeError/truncated(needed:have:)`` when it is cut, ``DecodeError/invalid(_:)`` for numbers of
    ///   more than one octet and for indefinite lengths, which no protocol here uses.
    init(_ bytes: RawSpan) throws(DecodeError) {
        tag = try bytes.byte(at: 0)
        guard tag & 0x1F != 0x1F else { throw .invalid(.type) }
        let first = Int(try bytes.byte(at: 1))
        guard first >= 0x80 else {
            (count, contentCount) = (2, first)
            return
        }
        let octets = first & 0x7F
        guard octets >= 1, octets <= 4 else { throw .invalid(.length) }
        var length = 0
        for index in 0..<octets { length = length << 8 | Int(try bytes.byte(at: 2 + index)) }
        (count, contentCount) = (2 + octets, length)
    }
}

/// Reads elements one after the other. Every length is compared with what is left; nothing recurses by itself.
struct DERReader: Sendable {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }
    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }
    /// The identifier octet of the next element, nil at the end.
    var nextTag: UInt8? { rest.first }

    /// - Throws: ``DecodeError/truncated(needed:have:)`` when the element is cut, ``DecodeError/invalid(_:)`` for
    ///   numbers of more than one octet and for indefinite lengths, which no protocol here uses.
    mutating func next() throws(DecodeError) -> DERElement {
        let head = try DERHead(rest.span.bytes)
        guard head.contentCount <= rest.count - head.count else {
            throw .truncated(needed: head.contentCount, have: rest.count - head.count)
        }
        let start = rest.startIndex
        let end = start + head.count + head.contentCount
        let whole = rest[start..<end]
        rest = rest[end...]
        return DERElement(tag: head.tag, whole: whole, contentStart: start + head.count)
    }

    /// The next element, or as much of it as is there, where the end of what is read is missing.
    /// - Throws: ``DecodeError`` when not even its head is there.
    mutating func nextBeginning() throws(DecodeError) -> DERElement {
        let head = try DERHead(rest.span.bytes)
        let contentStart = rest.startIndex + head.count
        let whole = rest.prefix(head.count + Swift.min(head.contentCount, rest.count - head.count))
        rest = rest[whole.endIndex...]
        return DERElement(tag: head.tag, whole: whole, contentStart: contentStart)
    }

    /// The next element inside of another: where the end of that is missing, as much as is there.
    mutating func next(in outer: DERElement) throws(DecodeError) -> DERElement {
        outer.isCut ? try nextBeginning() : try next()
    }

    /// The same of an element that must have this identifier octet.
    mutating func next(_ tag: UInt8, in outer: DERElement) throws(DecodeError) -> DERElement {
        guard nextTag == tag else { throw rest.isEmpty ? .truncated(needed: 2, have: 0) : .invalid(.type) }
        return try next(in: outer)
    }

    /// The next element, which must have this identifier octet.
    mutating func next(_ tag: UInt8) throws(DecodeError) -> DERElement {
        guard nextTag == tag else { throw rest.isEmpty ? .truncated(needed: 2, have: 0) : .invalid(.type) }
        return try next()
    }

    /// The next element when it has this identifier octet; nothing is taken otherwise.
    mutating func optional(_ tag: UInt8) throws(DecodeError) -> DERElement? {
        nextTag == tag ? try next() : nil
    }
}

/// Identifier octets that several protocols use.
enum DERTag {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let objectIdentifier: UInt8 = 0x06
    static let enumerated: UInt8 = 0x0A
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    /// `[number]` of the context, constructed.
    static func context(_ number: UInt8) -> UInt8 { 0xA0 | number }
    /// `[APPLICATION number]`, constructed.
    static func application(_ number: UInt8) -> UInt8 { 0x60 | number }
}
