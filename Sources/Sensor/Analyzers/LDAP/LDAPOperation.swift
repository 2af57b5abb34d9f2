internal import Shared

/// A request of LDAP that waits for its result, or a result whose request was not seen, as `ldap` and `ldap_search`
/// tell of it.
///
/// A class, since a table of values moves a value out and in again for each entry that a search finds.
final class LDAPOperation: Weighed {
    /// The fields of a search.
    struct Search: Sendable {
        var scope: String?
        var aliases: String?
        var filter: String?
        var attributes: [String] = []
        var resultCount: UInt64 = 0
    }

    let time: Timestamp
    let messageID: UInt64
    var opcode = ""
    var version: UInt64?
    /// Object or base of a search.
    var object: String?
    var argument: String?
    var search: Search?
    var startsTLS = false
    /// Parts of what it asks for are not told, since there are too many.
    private var isCut = false
    var isBind: Bool { opcode.hasPrefix("bind") }
    /// Has no result, so that it is told at once (section 4.3, section 4.11).
    var isUnanswered: Bool { opcode == "unbind" || opcode == "abandon" }

    /// Attributes, changes and the like that are told of one request.
    private static let listLimit = 64

    /// Known when the request was read; what is counted later has no weight.
    private(set) lazy var weight =
        object.weight + argument.weight + (search?.filter).weight + (search?.attributes.weight ?? 0)

    /// Whether it asks for the same as another, for all that is told.
    func asksSame(as other: LDAPOperation) -> Bool {
        opcode == other.opcode && object == other.object && argument == other.argument
            && search?.filter == other.search?.filter && search?.attributes == other.search?.attributes
    }

    init(time: Timestamp, messageID: UInt64) { (self.time, self.messageID) = (time, messageID) }

    /// What an answer tells of a request that was not seen; nil for what is none.
    /// - Parameter tag: identifier octet of the answer, that of an entry included.
    convenience init?(answered tag: UInt8, messageID: UInt64, at now: Timestamp) {
        self.init(time: now, messageID: messageID)
        if tag == 0x64 || tag == 0x65 {
            search = Search()
        } else if let name = LDAPNames.answered(tag) {
            opcode = name
        } else {
            return nil
        }
    }

    /// Reads a request; nil for what is none.
    convenience init?(_ element: DERElement, messageID: UInt64, at now: Timestamp) throws(DecodeError) {
        self.init(time: now, messageID: messageID)
        guard try read(element) else { return nil }
    }

    /// Reads a request whose end is missing, as far as it goes; nil where that tells nothing.
    convenience init?(beginning element: DERElement, messageID: UInt64, at now: Timestamp) {
        self.init(time: now, messageID: messageID)
        guard (try? read(element)) ?? true, search != nil || !opcode.isEmpty else { return nil }
    }

    /// - Returns: false for what is no request.
    private func read(_ element: DERElement) throws(DecodeError) -> Bool {
        var parts = element.children
        switch element.tag {
        case 0x60: try readBind(&parts)
        case 0x42: opcode = "unbind"
        case 0x63: try readSearch(&parts)
        case 0x66: try readModify(element, &parts)
        case 0x68: (opcode, object) = ("add", LDAPSecrets.telling(try parts.next().text))
        case 0x4A:
            (opcode, object) = ("delete", LDAPSecrets.telling(element.text))
            // Zeek 8 has the name here, those before it have it as the object.
            argument = object
        case 0x6C:
            (opcode, object) = ("modify", LDAPSecrets.telling(try parts.next().text))
            argument = LDAPSecrets.telling(try parts.next().text)
        case 0x6E: (opcode, object) = ("compare", LDAPSecrets.telling(try parts.next().text))
        case 0x77:
            let identifier = try parts.next().text
            (opcode, object) = ("extended", "\(identifier) (\(LDAPNames.extended(identifier)))")
            startsTLS = identifier == LDAPNames.startTLS
        case 0x50: (opcode, argument) = ("abandon", element.integer.map { "\($0)" })
        default: return false
        }
        return true
    }

    /// BindRequest (section 4.2). Passwords are never told.
    private func readBind(_ parts: inout DERReader) throws(DecodeError) {
        version = try parts.next(DERTag.integer).integer.flatMap { UInt64(exactly: $0) }
        let name = try parts.next(DERTag.octetString).text
        object = name.isEmpty ? nil : LDAPSecrets.telling(name)
        opcode = "bind"
        // Of a bind that is cut, the name of the method may be there.
        var rest = parts
        let choice = try rest.nextBeginning()
        switch choice.tag {
        case 0x80: (opcode, argument) = ("bind simple", "REDACTED")
        case 0xA3:
            opcode = "bind SASL"
            var fields = choice.children
            argument = try fields.next(DERTag.octetString).text
        default: (opcode, argument) = ("bind sicily", "NTLM")
        }
        _ = try parts.next()
    }

    /// SearchRequest (section 4.5.1).
    private func readSearch(_ parts: inout DERReader) throws(DecodeError) {
        object = LDAPSecrets.telling(try parts.next(DERTag.octetString).text)
        var search = Search()
        // What was read before an end that is missing is told.
        defer { self.search = search }
        search.scope = LDAPNames.scope(try parts.next(DERTag.enumerated).integer ?? -1)
        search.aliases = LDAPNames.aliases(try parts.next(DERTag.enumerated).integer ?? -1)
        for _ in 0..<3 { _ = try parts.next() }
        if let (text, isCut) = try? LDAPFilter.text(try parts.nextBeginning()) {
            (search.filter, self.isCut) = (text, isCut)
        }
        var list = try parts.next(DERTag.sequence).children
        while !list.isEmpty, search.attributes.count < Self.listLimit {
            search.attributes.append(try list.next().text)
        }
        if !list.isEmpty { isCut = true }
    }

    /// ModifyRequest (section 4.6): `replace(attribute=value)`. Passwords are never told.
    private func readModify(_ element: DERElement, _ parts: inout DERReader) throws(DecodeError) {
        (opcode, object) = ("modify", LDAPSecrets.telling(try parts.next(DERTag.octetString).text))
        let list = try parts.next(DERTag.sequence, in: element)
        var changes = list.children
        var texts: [String] = []
        // What was read before an end that is missing is told.
        defer { if !texts.isEmpty || !list.isCut { argument = texts.joined(separator: ", ") } }
        while !changes.isEmpty, texts.count < Self.listLimit {
            texts.append(try Self.change(try changes.next(DERTag.sequence, in: list)))
        }
        if !changes.isEmpty { isCut = true }
    }

    private static func change(_ element: DERElement) throws(DecodeError) -> String {
        var change = element.children
        let kind = LDAPNames.change(try change.next(DERTag.enumerated).integer ?? -1)
        let attribute = try change.next(DERTag.sequence, in: element)
        var parts = attribute.children
        let name = try parts.next().text
        let list = try parts.next(DERTag.set, in: attribute)
        var values = list.children
        guard !values.isEmpty || list.isCut else { return "\(kind)(\(name)=)" }
        let value = try values.next(in: list)
        // Of a long one, no more is told than what is there.
        guard !value.isCut || value.content.count >= WireText.limit else {
            throw .truncated(needed: WireText.limit, have: value.content.count)
        }
        let text = value.text
        return "\(kind)(\(name)=\(LDAPSecrets.isSecret(name) && !text.isEmpty ? LDAPSecrets.hidden : text))"
    }

    /// Writes the record.
    func write(result: Int64?, diagnostic: String?, into sink: inout RecordSink) {
        let resultName = result.map { LDAPNames.result($0) }
        let message = diagnostic.flatMap { $0.isEmpty ? nil : $0 }
        if let search {
            let record = Records.ldapSearch
            sink.begin(record, at: time)
            sink.batch.set(record.messageId, messageID)
            sink.batch.set(record.scope, search.scope)
            sink.batch.set(record.derefAliases, search.aliases)
            sink.batch.set(record.baseObject, object)
            sink.batch.set(record.resultCount, search.resultCount)
            sink.batch.set(record.result, resultName)
            sink.batch.set(record.diagnosticMessage, message)
            sink.batch.set(record.filter, search.filter)
            sink.batch.set(record.attributes, search.attributes.isEmpty ? nil : search.attributes)
        } else {
            let record = Records.ldap
            sink.begin(record, at: time)
            sink.batch.set(record.messageId, messageID)
            sink.batch.set(record.version, version)
            sink.batch.set(record.opcode, opcode)
            sink.batch.set(record.result, resultName)
            sink.batch.set(record.diagnosticMessage, message)
            sink.batch.set(record.object, object)
            sink.batch.set(record.argument, argument)
        }
        if isCut { sink.batch.hasCutTexts = true }
        sink.end()
    }
}
