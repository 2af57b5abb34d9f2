import Shared
import Testing

@testable import Sensor

/// Texts that are as long as they may be, of bytes that records spell out, and that are kept for an answer, for the end
/// of a message or for the next record.
extension HostileBudgetTests {
    /// Bytes of one kind, each of which becomes `\x01`.
    private static func ones(_ count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }
    private static func text(_ count: Int) -> String { String(repeating: "\u{1}", count: count) }

    static let texts: [Attack] = longHeaders + longNames + longMail + manyParts + lists

    private static let longHeaders: [Attack] = [
        Attack("HTTP: long requests without answers", "http", heldLimit: 1 << 20) { sender in
            sender.open(port: 80)
            for _ in 0..<60 {
                let line = text(60_000)
                sender.send(
                    "GET /\(line) HTTP/1.1\r\nHost: \(line)\r\nUser-Agent: \(line)\r\nReferer: \(line)\r\n\r\n")
            }
        },
        Attack("HTTP: long names of parts", "http", heldLimit: 1 << 20) { sender in
            sender.open(port: 80)
            sender.send(
                "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n")
            for _ in 0..<60 {
                sender.send("--b\r\nContent-Disposition: form-data; filename=\"\(text(16_000))\"\r\n\r\nx\r\n")
            }
        },
        Attack("SIP: long ways", "sip", heldLimit: 1 << 20) { sender in
            for number in 0..<70 {
                sender.datagram(
                    Array("INVITE sip:a@b SIP/2.0\r\nCall-ID: \(number)\r\nVia: \(text(60_000))\r\n\r\n".utf8),
                    port: 5060)
            }
        },
        Attack("FTP: folders in folders", "ftp", heldLimit: 1 << 20) { sender in
            sender.open(port: 21)
            sender.send("220 ftp ready\r\n", from: .responder)
            for _ in 0..<40 {
                sender.send("CWD \(text(8000))\r\n")
                sender.send("250 ok\r\n", from: .responder)
            }
            sender.send(Traffic.text("RETR a\r\n", times: 6000))
        },
    ]

    private static let longNames: [Attack] = [
        Attack("LDAP: long names without answers", "ldap", heldLimit: 1 << 20) { sender in
            sender.open(port: 389)
            for number in 0..<60 {
                sender.send(
                    Traffic.element(
                        0x30, [2, 2] + Traffic.big(number + 256, 2) + Traffic.element(0x4A, ones(100_000))))
            }
        },
        Attack("Redis: long keys without answers", "redis", heldLimit: 2 << 20) { sender in
            sender.open(port: 6379)
            for _ in 0..<600 {
                sender.send("*3\r\n$3\r\nSET\r\n$300\r\n\(text(300))\r\n$300\r\n\(text(300))\r\n")
            }
        },
        Attack("RADIUS: challenges without end", "radius", heldLimit: 1 << 20) { sender in
            let types: [UInt8] = [1, 18, 66, 77, 31]
            let attributes: [UInt8] = types.flatMap { (type: UInt8) -> [UInt8] in [type, 255] + ones(253) }
            let length = Traffic.big(20 + attributes.count, 2)
            for _ in 0..<2000 {
                let challenge = [11, 0] + length + ones(16)
                sender.datagram(challenge + attributes, from: .responder, port: 1812)
                sender.datagram([1, 5, 0, 20] + ones(16), port: 1812)
            }
        },
        Attack("DNS: long updates without answers", "dns", heldLimit: 1 << 20) { sender in
            func label(_ count: Int) -> [UInt8] { [UInt8(count)] + ones(count) }
            let zone = label(63) + label(63) + label(63) + label(61) + [0, 0, 6, 0, 1]
            let record: [UInt8] = [0xC0, 12, 0, 47, 0, 1, 0, 0, 0, 0, 0, 2, 0xC0, 12]
            sender.open(port: 53)
            for number in 0..<60 {
                let count = number == 0 ? 1 : 1024
                var message = Traffic.big(number, 2) + [0x28, 0, 0, 1] + Traffic.big(count, 2)
                message += [0, 0, 0, 0] + zone + Array(repeatElement(record, count: count).joined())
                sender.send(Traffic.big(message.count, 2) + message)
            }
        },
        Attack("SMB: long names without answers", "smb", heldLimit: 1 << 20) { sender in
            sender.open(port: 445)
            for number in 0..<300 {
                var header = [UInt8]([0xFE, 0x53, 0x4D, 0x42, 64, 0, 0, 0, 0, 0, 0, 0, 5, 0, 1, 0, 0, 0, 0, 0])
                header += Traffic.little(0, 4) + Traffic.little(number, 8) + ones(32)
                let empty = [UInt8](repeating: 0, count: 42)
                var body = [57, 0] + empty + [120, 0]
                body += Traffic.little(60_000, 2) + empty.prefix(8) + ones(60_000)
                sender.send([0] + Traffic.big(header.count + body.count, 3) + header + body)
            }
        },
        Attack("MQTT: long topics without answers", "mqtt", heldLimit: 1 << 20) { sender in
            let opening = try Traffic.conversation("mqtt")
            sender.open(port: 1883)
            for piece in opening.pieces.prefix(1) { sender.send(piece.bytes, from: piece.side) }
            for number in 1..<200 {
                let body = Traffic.big(12_000, 2) + ones(12_000) + Traffic.big(number, 2)
                sender.send([0x32, UInt8(body.count & 0x7F) | 0x80, UInt8(body.count >> 7)])
                sender.send(body)
            }
        },
        Attack("SSH: long offers", "ssh", heldLimit: 1 << 20) { sender in
            sender.open(port: 22)
            for (side, letter) in [(Side.originator, "a,"), (.responder, "b,")] {
                let list = Traffic.text(letter, times: 120_000)
                let empty = Array(repeatElement(Traffic.big(0, 4), count: 9).joined())
                var message = [20] + ones(16) + Traffic.big(list.count, 4)
                message += list + empty + [0, 0, 0, 0, 0]
                sender.send("SSH-2.0-x\r\n", from: side)
                sender.send(Traffic.big(message.count + 5, 4) + [4] + message + [0, 0, 0, 0], from: side)
            }
            for _ in 0..<500 {
                for side in [Side.responder, .originator] {
                    sender.send([0, 0, 0, 8, 4, 30, 0, 0, 0, 0, 0, 0], from: side)
                }
            }
        },
        Attack("SSH: offers without end", "ssh", heldLimit: 1 << 20) { sender in
            sender.open(port: 22)
            func offer(_ list: [UInt8]) -> [UInt8] {
                let lists = Array(repeatElement(Traffic.big(list.count, 4) + list, count: 8).joined())
                let message = [20] + ones(16) + lists + [UInt8](repeating: 0, count: 13)
                return Traffic.big(message.count + 5, 4) + [4] + message + [0, 0, 0, 0]
            }
            for side in [Side.originator, .responder] { sender.send("SSH-2.0-x\r\n", from: side) }
            sender.send(offer(Traffic.text("b,", times: 4096)), from: .responder)
            for _ in 0..<500 { sender.send(offer(Traffic.text("a,", times: 256))) }
        },
        Attack("TLS: a name of dots", "ssl", heldLimit: 1 << 20) { sender in
            let name = [UInt8](repeating: 0x2E, count: 15_000) + [0xC3, 0xA9]
            let entry = [0] + Traffic.big(name.count, 2) + name
            let names = Traffic.big(entry.count, 2) + entry
            let fields = [0, 0] + Traffic.big(names.count, 2) + names
            var body = [3, 3] + ones(32) + [0, 0, 2, 0xC0, 0x2F, 1, 0]
            body += Traffic.big(fields.count, 2) + fields
            for _ in 0..<10 {
                sender.open(port: 443)
                sender.send(Traffic.handshake(1, body))
            }
        },
    ]

    private static let longMail: [Attack] = [
        Attack("SMTP: a header that goes on without end", "smtp", heldLimit: 2 << 20) { sender in
            sender.open(port: 25)
            sender.send("EHLO x\r\nBDAT 9000000\r\nSubject: a\r\n")
            for _ in 0..<300 { sender.send(" \(text(8000))\r\n") }
        },
        Attack("SMTP: long headers of every name", "smtp", heldLimit: 2 << 20) { sender in
            sender.open(port: 25)
            sender.send("EHLO x\r\nBDAT 9000000\r\n")
            for _ in 0..<150 { sender.send("Received: \(text(8000))\r\nTo: \(text(8000))\r\n") }
        },
    ]

    private static let manyParts: [Attack] = [
        Attack("a zip file of files of a byte", "http") { sender in
            sender.open(port: 80)
            sender.send("PUT /x HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n")
            for number in 0..<63 {
                sender.send(Traffic.zipEntry("file \(number) of many", packed: [65], byteCount: 1, method: 0))
            }
        },
        Attack("PostgreSQL: requests for passwords without end", "postgresql") { sender in
            let startup = Array("\0\u{3}\0\0user\0bob\0\0".utf8)
            sender.open(port: 5432)
            sender.send(Traffic.big(startup.count + 4, 4) + startup)
            sender.send(Traffic.text("R\0\0\0\u{8}\0\0\0\u{3}", times: 60_000), from: .responder)
        },
        Attack("TLS: chains without end", "ssl", heldLimit: 512 << 10) { sender in
            let one = KnownCertificatesTests.certificate(1)
            let chain = Array(repeatElement(Traffic.big(one.count, 3) + one, count: 32).joined())
            sender.open(port: 443)
            sender.send(Traffic.serverHello, from: .responder)
            for _ in 0..<100 {
                sender.send(Traffic.handshake(11, Traffic.big(chain.count, 3) + chain), from: .responder)
            }
        },
        Attack("DHCP: conversations without end", "dhcp") { sender in
            for number in 0..<20_000 {
                let addresses = [UInt8](repeating: 0, count: 228)
                let head = [1, 1, 6, 0] + Traffic.big(number, 4) + addresses
                sender.datagram(head + [0x63, 0x82, 0x53, 0x63, 53, 1, 1, 255], flow: number & 7, port: 67)
            }
        },
    ]

    /// Texts that are looked at element by element.
    private static let lists: [Attack] = [
        Attack("FTP: detours in deep folders", "ftp") { sender in
            sender.open(port: 21)
            sender.send("220 ftp ready\r\n", from: .responder)
            sender.send("CWD /\(String(repeating: "a/", count: 500))\r\n")
            sender.send("250 ok\r\n", from: .responder)
            sender.send(Traffic.text("RETR ./a\r\n", times: 6000))
        },
        Attack("HTTP: parameters without values", "http", heldLimit: 1 << 20) { sender in
            sender.open(port: 80)
            for _ in 0..<20 {
                let line = String(repeating: ";", count: 60_000)
                sender.send("GET / HTTP/1.1\r\nContent-Disposition: \(line)\r\nContent-Type: a/b\(line)\r\n\r\n")
            }
        },
        Attack("SMTP: texts without end in one segment, and no server", "smtp") { sender in
            sender.open(port: 25)
            sender.send("EHLO x\r\n")
            sender.send(Traffic.text("DATA\n.\n", times: 40_000))
        },
        Attack("SMTP: a long name in every envelope", "smtp") { sender in
            sender.open(port: 25)
            sender.send("EHLO \(String(repeating: "x", count: 8000))\r\n")
            sender.send(Traffic.text("MAIL a\r\n", times: 20_000))
        },
        Attack("Redis: attributes of attributes", "redis") { sender in
            sender.open(port: 6379)
            for _ in 0..<20 {
                sender.send("*1\r\n$7\r\nCOMMAND\r\n")
                sender.send("*16001\r\n" + String(repeating: "|0\r\n", count: 16_000) + "+OK\r\n", from: .responder)
            }
        },
        Attack("Redis: a list in small pieces", "redis", heldLimit: 1 << 20) { sender in
            sender.open(port: 6379)
            sender.send("*1\r\n$7\r\nCOMMAND\r\n")
            sender.send("*60000\r\n", from: .responder)
            for _ in 0..<12_000 { sender.send("$-1\r\n", from: .responder) }
        },
        Attack("SMTP: envelopes without end", "smtp") { sender in
            sender.open(port: 25)
            sender.send("220 mail SMTP\r\n", from: .responder)
            sender.send(Traffic.text("MAIL \r\n", times: 20_000))
        },
        letters("SMTP: addresses without end", (0..<99).map { "To: a\($0)\r\n" }.joined(), "To: ", "a,a,a,a,a,a,a,"),
        letters("SMTP: quoted names without end", "", "Cc: ", "\",\",a\",a,"),
        letters("SMTP: words like hosts", "", "Received: ", " 1.1.1 a.a [a.b]"),
        letters(
            "SMTP: encoded bytes", "Content-Transfer-Encoding: quoted-printable\r\n\r\n", "", "=41=4 =\t\t a=Q"),
        Attack("IRC: offers without end", "irc", heldLimit: 1 << 20) { sender in
            sender.open(port: 6667)
            sender.send("NICK a\r\nUSER a 0 * :a\r\n")
            for port in 1024..<20_000 { sender.send("PRIVMSG a :\u{1}DCC SEND \(port) 1 \(port) 1\u{1}\r\n") }
        },
    ]

    /// A mail with long lines of one kind.
    private static func letters(_ name: String, _ first: String, _ beginning: String, _ part: String) -> Attack {
        Attack(name, "smtp", heldLimit: 1 << 20) { sender in
            sender.open(port: 25)
            sender.send("220 mail SMTP\r\n", from: .responder)
            sender.send("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
            sender.send("250 x\r\n250 ok\r\n250 ok\r\n354 go\r\n", from: .responder)
            sender.send(first)
            let line = beginning + String(repeating: part, count: 7000 / part.utf8.count) + "\r\n"
            for _ in 0..<60 { sender.send(line) }
            sender.send("\r\n.\r\n")
            sender.send("250 ok\r\n", from: .responder)
        }
    }
}
