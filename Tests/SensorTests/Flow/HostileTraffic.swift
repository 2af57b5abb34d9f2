import CZlib
import Shared
import Testing

@testable import Sensor

/// Messages that are meant to cost much.
enum HostileTraffic {
    static func text(_ text: String, times: Int) -> [UInt8] {
        let once = Array(text.utf8)
        return Array(repeatElement(once, count: times).joined())
    }

    static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

    /// Zeros, compressed a thousand to one.
    static func bomb(_ byteCount: Int, windowBits: Int32) -> [UInt8] {
        compressed([UInt8](repeating: 0, count: byteCount), windowBits: windowBits)
    }

    /// Window bits as zlib has them: 31 gzip, 15 zlib, -15 without a frame.
    static func compressed(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var bytes = bytes
        var out = [UInt8](repeating: 0, count: bytes.count + 1000)
        var count = 0
        bytes.withUnsafeMutableBufferPointer { input in
            out.withUnsafeMutableBufferPointer { output in
                (stream.next_in, stream.avail_in) = (input.baseAddress, uInt(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, uInt(output.count))
                #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                count = output.count - Int(stream.avail_out)
            }
        }
        return Array(out.prefix(count))
    }

    /// An entry of a zip file, with its lengths in front.
    static func zipEntry(_ name: String, packed: [UInt8], byteCount: Int, method: Int) -> [UInt8] {
        let lengths = little(packed.count, 4) + little(byteCount, 4) + little(name.utf8.count, 2) + [0, 0]
        return [0x50, 0x4B, 3, 4, 20, 0, 0, 0] + little(method, 2) + [0, 0, 0, 0, 1, 2, 3, 4] + lengths
            + Array(name.utf8) + packed
    }

    /// A frame of a WebSocket without a mask (RFC 6455 §5.2); `head` holds its flags and kind.
    static func frame(_ head: UInt8, _ content: [UInt8]) -> [UInt8] {
        content.count < 126
            ? [head, UInt8(content.count)] + content : [head, 127] + big(content.count, 8) + content
    }

    static func answer(_ headers: String, _ content: [UInt8]) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\n\(headers)Content-Length: \(content.count)\r\n\r\n".utf8) + content
    }

    /// An element of BER in as few bytes as can be.
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        if content.count < 0x80 { return [tag, UInt8(content.count)] + content }
        let octets = content.count < 0x100 ? 1 : content.count < 0x1_0000 ? 2 : 3
        return [tag, 0x80 | UInt8(octets)] + big(content.count, octets) + content
    }

    /// Elements in each other, `depth` of them.
    static func nested(_ tag: UInt8, depth: Int) -> [UInt8] {
        // Written from the inside to the outside, and then turned around: each level is one more head.
        var backwards: [UInt8] = []
        for _ in 0..<depth {
            let count = backwards.count
            let octets = count < 0x80 ? 0 : count < 0x100 ? 1 : count < 0x1_0000 ? 2 : 3
            let length = octets == 0 ? [UInt8(count)] : [0x80 | UInt8(octets)] + big(count, octets)
            backwards += ([tag] + length).reversed()
        }
        return backwards.reversed()
    }

    /// The first conversation of a service that has one in Tests/Fixtures.
    static func conversation(_ service: StaticString, _ transport: Transport = .tcp) throws -> Conversation {
        let entry = try #require(
            AnalyzerContractTests.entries.first { "\($0.type.service)" == "\(service)" }, "\(service)")
        let all = try AnalyzerContractTests.conversations(of: entry)
        return try #require(all.first { $0.transport == transport }, "\(service)")
    }

    /// A record of TLS with a message of the handshake.
    static func handshake(_ type: UInt8, _ body: [UInt8], announcing length: Int? = nil) -> [UInt8] {
        record([type] + big(length ?? body.count, 3) + body)
    }

    /// Records of TLS with bytes of the handshake, 16 KB each.
    static func record(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 16_000).flatMap { start in
            let piece = bytes[start..<min(start + 16_000, bytes.count)]
            return [22, 3, 3] + big(piece.count, 2) + piece
        }
    }

    /// A server's hello of TLS 1.2 without extensions.
    static let serverHello = handshake(
        2, [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xC0, 0x2F, 0])
}
