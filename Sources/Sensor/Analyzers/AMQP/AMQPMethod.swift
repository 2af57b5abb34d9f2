internal import Shared

/// Methods of AMQP 0-9-1 (amqp.org, "AMQP 0-9-1 Reference") that records tell of.
enum AMQPMethod {
    static func take(
        _ frame: RawSpan, from side: Side, _ session: inout AMQPSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard try frame.byte(at: 0) == 1, frame.byteCount >= 12 else { return }
        let method = try frame.readBE(at: 7, as: UInt32.self)
        // Contents and acknowledgements are most of the traffic.
        guard names[method] != nil else { return }
        let arguments = frame.extracting(11..<(frame.byteCount - 1)).withUnsafeBytes { Array($0) }
        var reader = ByteReader(arguments)
        switch method >> 16 {
        case 10: try connection(UInt16(truncatingIfNeeded: method), &reader, &session, into: &sink)
        case 20: try close("channel.close", &reader, &session, into: &sink)
        default: try event(method, &reader, &session, into: &sink)
        }
    }

    /// Class and method.
    private static let names: [UInt32: String] = [
        10 << 16 | 10: "connection.start", 10 << 16 | 11: "connection.start-ok", 10 << 16 | 21: "connection.secure-ok",
        10 << 16 | 40: "connection.open", 10 << 16 | 41: "connection.open-ok", 10 << 16 | 50: "connection.close",
        20 << 16 | 40: "channel.close", 40 << 16 | 10: "exchange.declare", 40 << 16 | 20: "exchange.delete",
        50 << 16 | 10: "queue.declare", 50 << 16 | 20: "queue.bind", 50 << 16 | 30: "queue.purge",
        50 << 16 | 40: "queue.delete", 60 << 16 | 20: "basic.consume", 60 << 16 | 40: "basic.publish",
        60 << 16 | 70: "basic.get",
    ]

    private static func connection(
        _ method: UInt16, _ reader: inout ByteReader, _ session: inout AMQPSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        switch method {
        case 10:  // start: version, properties
            session.begin(at: sink.now)
            try reader.skip(2)
            session.server = product(try long(&reader))
        case 11:  // start-ok: properties, mechanism, response
            session.begin(at: sink.now)
            let client = product(try long(&reader))
            var login = SASLUser(mechanism: try text(&reader))
            let response = try long(&reader)
            let isPlain = login.mechanism == "AMQPLAIN"
            if !isPlain { login.take(response.rest) }
            let user = isPlain ? field("LOGIN", in: response) : nil
            session.take(login, user: user, client: client, host: nil, into: &sink)
        case 21: session.take(response: try long(&reader).rest)
        case 40: session.host = try text(&reader)
        case 41: session.open(success: true, reply: nil, into: &sink)
        default: try close("connection.close", &reader, &session, into: &sink)
        }
    }

    /// A number and a text; 200 is an end in peace.
    private static func close(
        _ command: StaticString, _ reader: inout ByteReader, _ session: inout AMQPSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        let code = try reader.be(UInt16.self)
        guard code != 200 else { return }
        session.close(command, reply: "\(code) \(try text(&reader))", into: &sink)
    }

    private static func event(
        _ method: UInt32, _ reader: inout ByteReader, _ session: inout AMQPSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        var event = AMQPSession.Event(command: names[method] ?? "")
        try reader.skip(2)
        let first = try text(&reader).nilIfEmpty
        switch method {
        case 40 << 16 | 10, 40 << 16 | 20: event.exchange = first
        case 60 << 16 | 40:
            event.exchange = first
            event.routingKey = try text(&reader).nilIfEmpty
        case 50 << 16 | 20:
            event.queue = first
            event.exchange = try text(&reader).nilIfEmpty
            event.routingKey = try text(&reader).nilIfEmpty
        default: event.queue = first
        }
        session.take(event, isBehindLogin: true, into: &sink)
    }

    private static func long(_ reader: inout ByteReader) throws(DecodeError) -> ByteReader {
        try reader.reader(Int(try reader.be(UInt32.self)))
    }

    private static func text(_ reader: inout ByteReader) throws(DecodeError) -> String {
        try reader.vector(lengthBytes: 1).rest.wireText
    }

    /// `product version` of the properties of either side.
    private static func product(_ table: ByteReader) -> String? {
        let parts = [field("product", in: table), field("version", in: table)].compactMap { $0 }
        return parts.joined(separator: " ").nilIfEmpty
    }

    /// A long text of a table (section 4.2.5.5). Each field takes two bytes at least of a frame that is bounded.
    private static func field(_ name: StaticString, in table: ByteReader) -> String? {
        var table = table
        while let key = try? table.vector(lengthBytes: 1), let type = try? table.byte(),
            let value = try? value(type, &table)
        {
            let isKey = name.withUTF8Buffer { key.rest.elementsEqual($0) }
            if isKey, type == 0x53 { return value.prefix(256).wireText }
        }
        return nil
    }

    /// The bytes of a value, by its type (RabbitMQ, "AMQP 0-9-1 Errata", section 3).
    private static func value(_ type: UInt8, _ table: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8> {
        switch type {
        case 0x74, 0x62, 0x42: return try table.take(1)  // t b B
        case 0x73, 0x75, 0x55: return try table.take(2)  // s u U
        case 0x49, 0x69, 0x66: return try table.take(4)  // I i f
        case 0x6C, 0x4C, 0x64, 0x54: return try table.take(8)  // l L d T
        case 0x44: return try table.take(5)  // D
        case 0x53, 0x78, 0x41, 0x46: return try table.take(Int(try table.be(UInt32.self)))  // S x A F
        case 0x56: return []  // V
        default: throw .invalid(.type)
        }
    }
}
