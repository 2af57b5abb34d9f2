import Shared
import Testing

@testable import Sensor

/// What an attacker sends to make the sensor hold much or work long: both stay within what its bytes are worth.
///
/// Time is CPU time of the thread within ``HostileSender/allowedMicroseconds``; memory is what a connection's analysis
/// holds when the last byte has come, all its connections together.
@Suite(.serialized) struct HostileBudgetTests {
    typealias Traffic = HostileTraffic

    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// As which the sensor must have taken it, so that it is not merely passed over.
        let service: String
        /// Most bytes that may be held.
        var heldLimit = 256 << 10
        let run: @Sendable (inout HostileSender) throws -> Void

        init(
            _ name: String, _ service: String, heldLimit: Int = 256 << 10,
            run: @escaping @Sendable (inout HostileSender) throws -> Void
        ) {
            (testDescription, self.service, self.heldLimit, self.run) = (name, service, heldLimit, run)
        }
    }

    @Test(arguments: web + mail + nested + announced + texts) func anAttackStaysWithinItsBudget(attack: Attack) throws {
        var sender = HostileSender()
        try attack.run(&sender)
        let held = sender.heldBytes
        sender.finish()
        let (time, allowed) = (Int(sender.cpuMicroseconds), Int(sender.allowedMicroseconds))
        let measure = Int(sender.yardstick.averageMicroseconds)
        let spent = "\(attack.testDescription): \(time) of \(allowed) us, \(held) bytes held, \(measure) us a measure"
        #expect(sender.services.contains(attack.service), "\(attack.testDescription) was taken as \(sender.services)")
        #expect(sender.cpuMicroseconds <= sender.allowedMicroseconds, "\(spent)")
        #expect(held <= attack.heldLimit, "\(spent)")
    }

    // MARK: HTTP

    private static let request = "GET / HTTP/1.1\r\nHost: example.com\r\n"

    private static func answered(
        _ name: String, heldLimit: Int = 256 << 10, unfolds: Bool = false,
        _ answer: @escaping @Sendable () -> [UInt8]
    ) -> Attack {
        Attack(name, "http", heldLimit: heldLimit) { sender in
            sender.unfoldsContent = unfolds
            sender.open(port: 80)
            sender.send(request + "\r\n")
            sender.send(answer(), from: .responder)
        }
    }

    /// What the responder sends after the connection became a WebSocket.
    private static func throughWebSocket(
        _ name: String, unfolds: Bool = false, _ frames: @escaping @Sendable () -> [UInt8]
    ) -> Attack {
        Attack(name, "websocket") { sender in
            sender.unfoldsContent = unfolds
            sender.open(port: 80)
            sender.send(request + "Upgrade: websocket\r\n\r\n")
            sender.send("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n", from: .responder)
            sender.send(frames(), from: .responder)
        }
    }

    private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static let web: [Attack] = [
        Attack("endless header lines", "http") { sender in
            sender.open(port: 80)
            sender.send(request)
            sender.send(Traffic.text("X-Header: value\r\n", times: 60_000))
        },
        Attack("endless header lines on many connections", "http", heldLimit: 100 * (128 << 10)) { sender in
            for _ in 0..<100 {
                sender.open(port: 80)
                sender.send(request)
                sender.send(Traffic.text("A: b\r\n", times: 9000))
            }
        },
        Attack("one endless line", "http") { sender in
            sender.open(port: 80)
            sender.send("GET /")
            sender.send([UInt8](repeating: 0x61, count: 2 << 20))
        },
        Attack("a line of bytes one by one", "http") { sender in
            sender.open(port: 80)
            sender.send("GET /")
            sender.send([UInt8](repeating: 0x61, count: 70_000), size: 1)
        },
        answered("an endless chunk extension") {
            Array((chunked + "1;").utf8) + [UInt8](repeating: 0x78, count: 2 << 20)
        },
        answered("chunks of a byte with an extension") {
            Array(chunked.utf8) + Traffic.text("1;x=y\r\na\r\n", times: 50_000)
        },
        answered("endless trailers") {
            Array((chunked + "0\r\n").utf8) + Traffic.text("X-Trailer: value\r\n", times: 60_000)
        },
        Attack("requests without answers", "http", heldLimit: 1 << 20) { sender in
            sender.open(port: 80)
            sender.send(Traffic.text(request + "\r\n", times: 10_000))
        },
        Attack("upgrades without end", "http") { sender in
            sender.open(port: 80)
            sender.send(request + "\r\n")
            sender.send(Traffic.text("HTTP/1.1 101 x\r\n\r\n", times: 20_000), from: .responder, size: 60_000)
        },
        throughWebSocket("WebSocket: upgrades without end") {
            Traffic.frame(0x82, Traffic.text("HTTP/1.1 101 x\r\n\r\n", times: 20_000))
        },
        throughWebSocket("WebSocket: frames of a byte") {
            let text = Array((request + "X: ").utf8) + [UInt8](repeating: 0x61, count: 40_000)
            return text.flatMap { Traffic.frame(0x82, [$0]) }
        },
        throughWebSocket("WebSocket: frames of nothing") {
            Traffic.frame(0x82, Array(request.utf8))
                + Array(repeatElement(Traffic.frame(0, []), count: 200_000).joined())
        },
        throughWebSocket("WebSocket: bomb", unfolds: true) {
            let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n".utf8)
            let packed = Traffic.compressed(
                head + [UInt8](repeating: 0, count: 50_000_000), windowBits: -15)
            return Traffic.frame(0xC2, packed)
        },
        answered("gzip bomb", unfolds: true) {
            Traffic.answer("Content-Encoding: gzip\r\n", Traffic.bomb(100 << 20, windowBits: 31))
        },
        answered("deflate bomb", unfolds: true) {
            Traffic.answer("Content-Encoding: deflate\r\n", Traffic.bomb(50 << 20, windowBits: 15))
        },
        Attack("small gzip bombs, one after the other", "http", heldLimit: 1 << 20) { sender in
            let answer = Traffic.answer("Content-Encoding: gzip\r\n", Traffic.bomb(1 << 20, windowBits: 31))
            sender.unfoldsContent = true
            sender.open(port: 80)
            for _ in 0..<300 {
                sender.send(request + "\r\n")
                sender.send(answer, from: .responder)
            }
        },
        answered("zip bomb", heldLimit: 512 << 10, unfolds: true) {
            let packed = Traffic.bomb(50 << 20, windowBits: -15)
            return Traffic.answer(
                "Content-Type: application/zip\r\n",
                Traffic.zipEntry("a", packed: packed, byteCount: 50 << 20, method: 8))
        },
        answered("zip files in zip files", heldLimit: 1 << 20, unfolds: true) {
            let packed = Traffic.bomb(4 << 20, windowBits: -15)
            var archive = Traffic.zipEntry("0", packed: packed, byteCount: 4 << 20, method: 8)
            for level in 1..<6 {
                let once = archive
                archive = (0..<4).flatMap {
                    Traffic.zipEntry("\(level)-\($0)", packed: once, byteCount: once.count, method: 0)
                }
            }
            return Traffic.answer("", archive)
        },
        answered("an archive of nothing but names", heldLimit: 2 << 20) {
            let entry = Traffic.zipEntry(String(repeating: "n", count: 4000), packed: [], byteCount: 0, method: 0)
            return Traffic.answer("", Array(repeatElement(entry, count: 300).joined()))
        },
        Attack("endless parts", "http", heldLimit: 512 << 10) { sender in
            sender.open(port: 80)
            sender.send(
                "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n")
            let part = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\nx\r\n"
            sender.send(Traffic.text(part, times: 20_000))
        },
        Attack("a boundary that is never quite there", "http", heldLimit: 512 << 10) { sender in
            let boundary = String(repeating: "-", count: 69)
            sender.open(port: 80)
            sender.send(
                "POST / HTTP/1.1\r\nContent-Length: 99999999\r\nContent-Type: multipart/form-data; "
                    + "boundary=\(boundary)x\r\n\r\n--\(boundary)x\r\n\r\n")
            sender.send(Traffic.text("\r\n--" + String(repeating: "-", count: 200), times: 5000))
        },
    ]

    // MARK: mail and other text

    private static let mail: [Attack] = [
        Attack("SMTP: a line without end", "smtp") { sender in
            sender.open(port: 25)
            sender.send("220 mail SMTP\r\n", from: .responder)
            sender.send("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
            sender.send("354 go\r\n", from: .responder)
            sender.send([UInt8](repeating: 0x61, count: 2 << 20))
        },
        Attack("SMTP: chunks of a byte", "smtp") { sender in
            sender.open(port: 25)
            sender.send("220 mail ESMTP\r\n", from: .responder)
            sender.send(Traffic.text("BDAT 1\r\nx", times: 30_000), size: 60_000)
        },
        Attack("SMTP: recipients without end", "smtp") { sender in
            sender.open(port: 25)
            sender.send("220 mail SMTP\r\n", from: .responder)
            sender.send("EHLO x\r\nMAIL FROM:<a@b>\r\n")
            sender.send(Traffic.text("RCPT TO:<somebody@example.com>\r\n", times: 30_000))
        },
        Attack("SMTP: parts in parts", "smtp", heldLimit: 512 << 10) { sender in
            sender.open(port: 25)
            sender.send("220 mail SMTP\r\n", from: .responder)
            sender.send("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
            sender.send("250 x\r\n250 ok\r\n250 ok\r\n354 go\r\n", from: .responder)
            for level in 0..<10_000 {
                sender.send("Content-Type: multipart/mixed; boundary=\"b\(level)\"\r\n\r\n--b\(level)\r\n")
            }
        },
        Attack("SMTP: headers without end", "smtp") { sender in
            sender.open(port: 25)
            sender.send("220 mail SMTP\r\n", from: .responder)
            sender.send("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
            sender.send("250 x\r\n250 ok\r\n250 ok\r\n354 go\r\n", from: .responder)
            sender.send(Traffic.text("Subject: a\r\n and more of it\r\nReceived: by x\r\n", times: 20_000))
        },
        Attack("IMAP: a literal of four gigabytes", "imap") { sender in
            sender.open(port: 143)
            sender.send("* OK ready\r\n", from: .responder)
            sender.send("a1 LOGIN {4294967295}\r\n")
            sender.send([UInt8](repeating: 0x61, count: 1 << 20))
            sender.send("* 1 FETCH (BODY[] {4294967295}\r\n", from: .responder)
            sender.send([UInt8](repeating: 0x61, count: 1 << 20), from: .responder)
        },
        Attack("FTP: commands without answers", "ftp", heldLimit: 1 << 20) { sender in
            sender.open(port: 21)
            sender.send("220 FTP ready\r\n", from: .responder)
            sender.send(Traffic.text("USER a\r\nRETR file\r\n", times: 30_000))
        },
        Attack("SIP: parts in parts", "sip") { sender in
            for number in 0..<2000 {
                let part = "--b\(number)\r\nContent-Type: multipart/mixed;boundary=b\(number + 1)\r\n\r\n"
                let body = String(repeating: part, count: 16)
                let head = "INVITE sip:a@b SIP/2.0\r\nCall-ID: \(number)\r\nCSeq: \(number) INVITE\r\n"
                sender.datagram(
                    Array((head + "Content-Type: multipart/mixed;boundary=b\r\n\r\n" + body).utf8), port: 5060)
            }
        },
        Attack("Redis: arrays in arrays", "redis", heldLimit: 2 << 20) { sender in
            sender.open(port: 6379)
            sender.send("*1\r\n$4\r\nPING\r\n")
            sender.send(Traffic.text("*1\r\n", times: 200_000), from: .responder)
            sender.send("*1024\r\n$4\r\nMGET\r\n$536870912\r\n")
            sender.send([UInt8](repeating: 0x61, count: 1 << 20))
        },
        Attack("IRC: names without end", "irc", heldLimit: 1 << 20) { sender in
            let opening = try Traffic.conversation("irc")
            sender.open(port: 6667)
            for piece in opening.pieces { sender.send(piece.bytes, from: piece.side) }
            for number in 0..<20_000 { sender.send("JOIN #channel\(number)\r\nNICK n\(number)\r\n") }
        },
    ]

    // MARK: nesting

    /// Of DNS, for the address of `a`.
    private static let query: [UInt8] = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]

    private static let nested: [Attack] = [
        Attack("LDAP: a filter ten thousand deep", "ldap") { sender in
            let body = Traffic.element(4, []) + [0x0A, 1, 2, 0x0A, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0]
            sender.open(port: 389)
            for number in 1..<20 {
                let search = Traffic.element(0x63, body + Traffic.nested(0xA0, depth: 10_000) + [0x30, 0])
                sender.send(Traffic.element(0x30, [2, 1, UInt8(number)] + search))
            }
        },
        Attack("LDAP: a megabyte byte by byte", "ldap", heldLimit: 2 << 20) { sender in
            sender.open(port: 389)
            sender.send([0x30, 0x84, 0, 0x0F, 0xFF, 0x00, 2, 1, 1, 0x63, 0x84, 0, 0x0F, 0xFE, 0xF0])
            sender.send([UInt8](repeating: 4, count: 40_000), size: 1)
            sender.send([UInt8](repeating: 4, count: 900_000))
        },
        Attack("Kerberos: elements ten thousand deep", "krb", heldLimit: 512 << 10) { sender in
            for _ in 0..<20 {
                let data = Traffic.element(0xA3, Traffic.nested(0x30, depth: 10_000))
                let body = Traffic.element(0xA4, Traffic.nested(0xA0, depth: 10_000))
                let fields = [0xA1, 3, 2, 1, 5, 0xA2, 3, 2, 1, 10] + data + body
                let message = Traffic.element(0x6A, Traffic.element(0x30, fields))
                sender.open(port: 88)
                sender.send(Traffic.big(message.count, 4) + message)
            }
        },
        Attack("SNMP: elements ten thousand deep", "snmp") { sender in
            for number in 0..<20 {
                let pdu = Traffic.element(0xA0, [2, 1, 1, 2, 1, 0, 2, 1, 0] + Traffic.nested(0x30, depth: 10_000))
                let message = Traffic.element(0x30, [2, 1, 1, 4, 1, 0x70] + pdu)
                sender.datagram(message, flow: number, port: 161)
            }
        },
        Attack("MongoDB: documents in documents", "mongodb", heldLimit: 2 << 20) { sender in
            func document(_ elements: [UInt8]) -> [UInt8] { Traffic.little(elements.count + 5, 4) + elements + [0] }
            var deep = document([])
            for _ in 0..<2000 { deep = document([3, 0x61, 0] + deep) }
            let body = document([0x10] + Array("hello".utf8) + [0, 1, 0, 0, 0, 3, 0x62, 0] + deep)
            let message =
                Traffic.little(body.count + 21, 4) + Traffic.little(1, 4) + [0, 0, 0, 0]
                + Traffic.little(2013, 4) + [0, 0, 0, 0, 0] + body
            sender.open(port: 27_017)
            for _ in 0..<30 { sender.send(message) }
        },
        Attack("TLS: a certificate ten thousand deep", "ssl", heldLimit: 2 << 20) { sender in
            let certificate = Traffic.nested(0x30, depth: 10_000)
            let one = Traffic.big(certificate.count, 3) + certificate
            let chain = Array(repeatElement(one, count: 20).joined())
            sender.open(port: 443)
            sender.send(Traffic.serverHello, from: .responder)
            sender.send(Traffic.handshake(11, Traffic.big(chain.count, 3) + chain), from: .responder)
        },
        Attack("TLS: ten thousand names in a certificate", "ssl", heldLimit: 2 << 20) { sender in
            let name = Array(KnownCertificatesTests.certificate(1))
            let one = Traffic.big(name.count, 3) + name
            let chain = Array(repeatElement(one, count: 4000).joined())
            sender.open(port: 443)
            sender.send(Traffic.serverHello, from: .responder)
            sender.send(Traffic.handshake(11, Traffic.big(chain.count, 3) + chain), from: .responder)
        },
        Attack("DNS: pointers that go around", "dns", heldLimit: 512 << 10) { sender in
            for flow in 0...1 { sender.datagram(query, flow: flow, port: 53) }
            for number in 0..<2000 {
                let loop: [UInt8] = [0xC0, 12, 0, 1, 0, 1]
                sender.datagram(
                    Traffic.big(number, 2) + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + loop, flow: 0, port: 53)
                var chain = (0..<300).flatMap { Traffic.big(0xC000 | (12 + 2 * ($0 + 1)), 2) }
                chain += [0, 0, 1, 0, 1]
                sender.datagram(
                    Traffic.big(number, 2) + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + chain, flow: 1, port: 53)
            }
        },
        Attack("DNS: 64 KB of pointers", "dns", heldLimit: 5 << 19) { sender in
            let name = Array(repeatElement([UInt8(63)] + [UInt8](repeating: 0x61, count: 63), count: 3).joined())
            let record: [UInt8] = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 1, 0, 2, 0xC0, 12]
            let head: [UInt8] = [0x84, 0, 0, 1, 0x10, 0, 0, 0, 0, 0] + name + [0, 0, 5, 0, 1]
            let body = Array(repeatElement(record, count: 4096).joined())
            sender.open(port: 53)
            sender.send(Traffic.big(query.count, 2) + query)
            for number in 0..<20 {
                let message = Traffic.big(number, 2) + head + body
                sender.send(Traffic.big(message.count, 2) + message, from: .responder)
            }
        },
    ]

    // MARK: lengths that are announced, and streams that never complete

    private static func opened(
        _ name: String, _ service: StaticString, heldLimit: Int = 256 << 10,
        then send: @escaping @Sendable (inout HostileSender) -> Void
    ) -> Attack {
        Attack(name, "\(service)", heldLimit: heldLimit) { sender in
            let opening = try Traffic.conversation(service)
            sender.open(port: Int(opening.responderPort))
            for piece in opening.pieces { sender.send(piece.bytes, from: piece.side) }
            send(&sender)
        }
    }

    /// What a request of SMB 2 to open a file begins with.
    private static let create: [UInt8] = [0xFE, 0x53, 0x4D, 0x42, 64, 0, 0, 0, 0, 0, 0, 0, 5, 0, 1, 0, 0, 0, 0, 0]

    private static let filling = [UInt8](repeating: 0x41, count: 1 << 20)

    private static let announced: [Attack] = [
        Attack("SMB: compounds without end", "smb", heldLimit: 1 << 20) { sender in
            let header = create + Traffic.little(120, 4) + [UInt8](repeating: 1, count: 40)
            let one = header + [57, 0] + [UInt8](repeating: 0, count: 54)
            sender.open(port: 445)
            for _ in 0..<10 {
                let message = Array(repeatElement(one, count: 1000).joined())
                sender.send([0] + Traffic.big(message.count, 3) + message)
            }
        },
        Attack("SMB: opens without answers", "smb", heldLimit: 4 << 20) { sender in
            sender.open(port: 445)
            for number in 0..<10_000 {
                let header =
                    create + Traffic.little(0, 4) + Traffic.little(number, 8) + [UInt8](repeating: 1, count: 32)
                let empty = [UInt8](repeating: 0, count: 42)
                let body = [57, 0] + empty + [120, 0, 32, 0] + empty.prefix(8) + [UInt8](repeating: 0x61, count: 32)
                sender.send([0] + Traffic.big(header.count + body.count, 3) + header + body)
            }
        },
        opened("DCE/RPC: fragments without a last one", "dce_rpc", heldLimit: 2 << 20) { sender in
            let body = Traffic.big(0, 4) + [0, 0, 1, 0] + [UInt8](repeating: 0x41, count: 1000)
            for _ in 0..<2000 {
                sender.send(
                    [5, 0, 0, 0, 0x10, 0, 0, 0] + Traffic.little(body.count + 16, 2) + [0, 0, 1, 0, 0, 0] + body)
            }
        },
        opened("TDS: a batch without a last packet", "tds", heldLimit: 1 << 20) { sender in
            for number in 0..<500 {
                sender.send([1, 0, 0x10, 0, 0, 0, UInt8(number & 255), 0] + [UInt8](repeating: 0x41, count: 4088))
            }
        },
        opened("MySQL: queries of 16 MB", "mysql", heldLimit: 1 << 20) { sender in
            for _ in 0..<4 { sender.send([0xFF, 0xFF, 0xFF, 0, 3] + filling) }
        },
        opened("PostgreSQL: a query of 4 GB", "postgresql", heldLimit: 1 << 20) { sender in
            sender.send([0x51, 0xFF, 0xFF, 0xFF, 0xFF] + filling)
            sender.send([0x44, 0x7F, 0xFF, 0xFF, 0xFF] + filling, from: .responder)
        },
        opened("MongoDB: a message of 2 GB", "mongodb", heldLimit: 1 << 20) { sender in
            sender.send([0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 0, 0, 0, 0, 0, 0, 0xDD, 7, 0, 0] + filling)
        },
        opened("AMQP: a frame of 4 GB", "amqp", heldLimit: 1 << 20) { sender in
            sender.send([1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF] + filling)
        },
        opened("MQTT: a packet of 256 MB", "mqtt", heldLimit: 1 << 20) { sender in
            sender.send([0x30, 0xFF, 0xFF, 0xFF, 0x7F] + filling)
        },
        Attack("TLS: a message of 16 MB in records of a byte", "ssl", heldLimit: 4 << 20) { sender in
            sender.open(port: 443)
            sender.send(Traffic.serverHello, from: .responder)
            sender.send([22, 3, 3, 0, 4, 11, 0x0F, 0xFF, 0xFF], from: .responder)
            sender.send(Traffic.text("\u{16}\u{3}\u{3}\u{0}\u{1}a", times: 400_000), from: .responder)
        },
        Attack("TLS: hellos without end", "ssl", heldLimit: 4 << 20) { sender in
            let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0xC0, 0x2F, 1, 0, 0, 0]
            sender.open(port: 443)
            sender.send(Array(repeatElement(Traffic.handshake(1, body), count: 10_000).joined()))
        },
        Attack("SSH: packets at the limit", "ssh", heldLimit: 1 << 20) { sender in
            sender.open(port: 22)
            for side in [Side.originator, .responder] { sender.send("SSH-2.0-x\r\n", from: side) }
            for side in [Side.originator, .responder] {
                for _ in 0..<3 { sender.send(Traffic.big(262_000, 4) + [0, 2] + filling.prefix(261_998), from: side) }
            }
        },
        Attack("SSH: greetings without end", "ssh") { sender in
            sender.open(port: 22)
            sender.send("SSH-2.0-x\r\n")
            sender.send(Traffic.text("hello\r\n", times: 100_000), from: .responder)
        },
    ]
}
