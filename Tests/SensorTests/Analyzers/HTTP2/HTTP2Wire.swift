/// Frames of HTTP/2 as a peer writes them (RFC 9113 section 4.1); fields go as they are, without any coding.
enum HTTP2Wire {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + settings
    static let settings = frame(4, on: 0, [0, 3, 0, 0, 0, 100])

    static func frame(_ kind: UInt8, flags: UInt8 = 0, on stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        let head: [UInt8] = [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), kind, flags]
        return head + (0..<4).reversed().map { UInt8(stream >> (8 * $0) & 255) } + payload
    }

    /// Literal fields that are not kept (RFC 7541 section 6.2.2), or that are (section 6.2.1).
    static func section(_ fields: [(String, String)], isKept: Bool = false) -> [UInt8] {
        fields.flatMap { [isKept ? 0x40 : 0] + text($0) + text($1) }
    }

    private static func text(_ text: String) -> [UInt8] {
        precondition(text.utf8.count < 127)
        return [UInt8(text.utf8.count)] + Array(text.utf8)
    }

    static func headers(
        _ fields: [(String, String)], on stream: UInt32 = 1, ends: Bool = false, isKept: Bool = false
    ) -> [UInt8] {
        frame(1, flags: ends ? 5 : 4, on: stream, section(fields, isKept: isKept))
    }

    static func get(_ path: String, on stream: UInt32 = 1, ends: Bool = true) -> [UInt8] {
        headers([(":method", "GET"), (":path", path), (":authority", "h")], on: stream, ends: ends)
    }

    static func data(_ content: [UInt8], on stream: UInt32 = 1, ends: Bool = true) -> [UInt8] {
        frame(0, flags: ends ? 1 : 0, on: stream, content)
    }

    static func answer(_ content: String, on stream: UInt32 = 1, code: String = "200") -> [UInt8] {
        headers([(":status", code)], on: stream) + data(Array(content.utf8), on: stream)
    }
}
