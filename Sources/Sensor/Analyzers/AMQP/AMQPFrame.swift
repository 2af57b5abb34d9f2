internal import Shared

/// Frames of AMQP 1.0 (OASIS) that records tell of.
enum AMQPFrame {
    /// Performatives: sections 2.7, 3.5 and 5.3.3.
    private enum Kind {
        static let open: UInt64 = 0x10
        static let attach: UInt64 = 0x12
        static let close: UInt64 = 0x18
        static let saslInit: UInt64 = 0x41
        static let saslResponse: UInt64 = 0x43
        static let saslOutcome: UInt64 = 0x44
    }

    static func take(
        _ frame: RawSpan, from side: Side, _ session: inout AMQPSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        // Where the body begins, in units of four bytes (section 2.3.1).
        let start = 4 * Int(try frame.byte(at: 4))
        guard start >= 8, start < frame.byteCount, try frame.byte(at: start) == 0 else { return }
        let kind = try frame.byte(at: start + 1) == 0x53 ? UInt64(try frame.byte(at: start + 2)) : 0
        // Transfers are most of the traffic.
        guard [0x10, 0x12, 0x18, 0x41, 0x43, 0x44].contains(kind) else { return }
        var reader = ByteReader(frame.extracting(droppingFirst: start).withUnsafeBytes { Array($0) })
        let fields = try AMQPValue(&reader).fields()
        switch kind {
        case Kind.saslInit:
            var login = SASLUser(mechanism: fields.text(0) ?? "")
            if let response = fields.bytes(1) { login.take(response) }
            session.take(login, user: nil, client: nil, host: fields.text(2), into: &sink)
        case Kind.saslResponse: if let response = fields.bytes(0) { session.take(response: response) }
        case Kind.saslOutcome:
            guard let code = fields.bytes(0)?.first else { return }
            guard code != 0 else { return session.letIn() }
            session.open(success: false, reply: outcomes[Int(min(code, 4))], into: &sink)
        case Kind.open where side == .originator:
            session.client = fields.text(0)
            session.host = fields.text(1) ?? session.host
        case Kind.open:
            session.server = fields.text(0)?.nilIfEmpty
            session.open(success: true, reply: nil, into: &sink)
        case Kind.attach where side == .originator: attach(fields, &session, into: &sink)
        // The broker's stands behind its own opening.
        case Kind.attach: session.passAnswer(into: &sink)
        case Kind.close:
            guard let error = try fields.element(0)?.fields(), let condition = error.text(0) else { return }
            let reply = [condition, error.text(1)].compactMap { $0 }.joined(separator: ": ")
            session.close("connection.close", reply: reply, into: &sink)
        default: break
        }
    }

    /// Section 5.3.3.6.
    private static let outcomes = ["ok", "auth", "sys", "sys-perm", "sys-temp"]

    /// A link (section 2.7.3): name, handle, role, two modes, source and target, whose address is their first field.
    private static func attach(
        _ fields: [AMQPValue], _ session: inout AMQPSession, into sink: inout RecordSink
    ) {
        let isReceiver = fields.element(2)?.isTrue == true
        let end = try? fields.element(isReceiver ? 5 : 6)?.fields()
        let command = isReceiver ? "attach.receiver" : "attach.sender"
        let event = AMQPSession.Event(command: command, queue: end?.text(0))
        session.take(event, isBehindLogin: false, into: &sink)
    }
}

/// One value of AMQP 1.0's type system (part 1).
struct AMQPValue: Sendable {
    private let code: UInt8
    let content: ArraySlice<UInt8>

    /// Fields of a list that are read: no performative has more.
    private static let fieldLimit = 16

    /// Reads the next value; of a described one, its description is passed over.
    init(_ reader: inout ByteReader) throws(DecodeError) {
        var code = try reader.byte()
        if code == 0 {
            // A description is a symbol or a number, never described itself.
            let description = try reader.byte()
            guard description >= 0x40 else { throw .invalid(.type) }
            _ = try Self.content(description, &reader)
            code = try reader.byte()
            guard code != 0 else { throw .invalid(.type) }
        }
        self.code = code
        content = try Self.content(code, &reader)
    }

    /// The width stands in the upper half of the code (section 1.2).
    private static func content(_ code: UInt8, _ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8> {
        switch code >> 4 {
        case 4: return []
        case 5: return try reader.take(1)
        case 6: return try reader.take(2)
        case 7: return try reader.take(4)
        case 8: return try reader.take(8)
        case 9: return try reader.take(16)
        case 0xA, 0xC, 0xE: return try reader.vector(lengthBytes: 1).rest
        case 0xB, 0xD, 0xF: return try reader.take(Int(try reader.be(UInt32.self)))
        default: throw .invalid(.type)
        }
    }

    var isTrue: Bool { code == 0x41 || code == 0x56 && content.first == 1 }
    var isNull: Bool { code == 0x40 }
    /// A text or symbol.
    var text: String? { [0xA1, 0xA3, 0xB1, 0xB3].contains(code) ? content.prefix(256).wireText : nil }

    /// The fields of a list; as many as are whole.
    func fields() throws(DecodeError) -> [AMQPValue] {
        guard code == 0xC0 || code == 0xD0 else { return [] }
        var reader = ByteReader(content)
        try reader.skip(code == 0xC0 ? 1 : 4)
        var fields: [AMQPValue] = []
        while !reader.isEmpty, fields.count < Self.fieldLimit { fields.append(try AMQPValue(&reader)) }
        return fields
    }
}

extension [AMQPValue] {
    fileprivate func element(_ index: Int) -> AMQPValue? { index < count ? self[index] : nil }
    fileprivate func text(_ index: Int) -> String? { element(index)?.text }
    fileprivate func bytes(_ index: Int) -> ArraySlice<UInt8>? {
        element(index).flatMap { $0.isNull ? nil : $0.content }
    }
}
