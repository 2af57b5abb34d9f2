internal import Shared

/// Finds the tags in text of XML that comes in pieces, and what stands in front of each. It understands no more of XML
/// than streams of XMPP may have: no comments, no declarations of types (RFC 6120 section 11.1).
struct XMLTags: BytesHolding, Sendable {
    /// Bytes of a tag that are kept; those of logins are short.
    fileprivate static let tagLimit = 512
    /// Bytes of text that are kept: a first response, of which the user is at the beginning.
    private static let textLimit = 2048

    private var tag: [UInt8] = []
    private var text: [UInt8] = []
    private var isInTag = false
    /// The quote within which the tag is: a bracket there ends nothing.
    private var quote: UInt8 = 0

    var heldBytes: Int { tag.capacity + text.capacity }

    /// Adds bytes and hands on each whole tag, without its brackets, and the text since the tag before, until `take`
    /// answers false.
    mutating func append(_ bytes: RawSpan, take: (XMLTag, RawSpan) -> Bool) {
        for index in 0..<bytes.byteCount {
            guard let byte = try? bytes.byte(at: index) else { return }
            guard isInTag else {
                if byte == 0x3C { isInTag = true } else if text.count < Self.textLimit { text.append(byte) }
                continue
            }
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3E {
                let goesOn = take(XMLTag(bytes: tag), text.span.bytes)
                tag.removeAll(keepingCapacity: true)
                text.removeAll(keepingCapacity: true)
                isInTag = false
                if !goesOn { return }
                continue
            }
            if tag.count < Self.tagLimit { tag.append(byte) }
        }
    }
}

/// A tag without its brackets.
struct XMLTag {
    let bytes: [UInt8]

    var isEmpty: Bool { bytes.last == 0x2F }
    /// Longer than tags are kept: how it ends is not known.
    var isCut: Bool { bytes.count >= XMLTags.tagLimit }
    /// It is about the client's program (XEP-0388 section 2.3), which may stand in front of a response.
    var tellsProgram: Bool { isNamed("/software") || isNamed("/device") || isNamed("/user-agent") }

    /// Its name; with a slash in front where it ends an element.
    var name: ArraySlice<UInt8> {
        let name = bytes.prefix { $0 > 0x20 }
        return name.count > 1 && name.last == 0x2F ? name.dropLast() : name
    }

    func isNamed(_ other: StaticString) -> Bool { other.withUTF8Buffer { name.elementsEqual($0) } }

    /// The value of an attribute.
    func value(of attribute: StaticString) -> String? {
        var rest = bytes[name.endIndex...]
        while let equals = rest.firstIndex(of: 0x3D) {
            let key = rest[..<equals].drop { $0 <= 0x20 }.prefix { $0 > 0x20 }
            rest = rest[(equals + 1)...].drop { $0 <= 0x20 }
            guard let quote = rest.first, quote == 0x22 || quote == 0x27,
                let end = rest.dropFirst().firstIndex(of: quote)
            else { return nil }
            if attribute.withUTF8Buffer({ key.elementsEqual($0) }) { return rest[..<end].dropFirst().wireText }
            rest = rest[(end + 1)...]
        }
        return nil
    }
}
