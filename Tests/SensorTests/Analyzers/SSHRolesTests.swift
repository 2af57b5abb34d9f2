import Shared
import Testing

@testable import Sensor

/// Who is SSH's server: told by the key exchange, whoever opened the connection.
@Suite struct SSHRolesTests {
    private static func packet(_ payload: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: 8)
        let length = 1 + payload.count + padding.count
        return [0, 0, UInt8(length >> 8), UInt8(length & 255), UInt8(padding.count)] + payload + padding
    }

    /// SSH_MSG_KEXINIT (RFC 4253 section 7.1): a cookie, ten lists of names, two fields that are zero.
    private static func offer(_ keyExchange: String) -> [UInt8] {
        let ciphers = ["aes128-ctr", "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""]
        var names: [UInt8] = []
        for list in [keyExchange, "ssh-ed25519"] + ciphers {
            names += [0, 0, 0, UInt8(list.utf8.count)]
            names += Array(list.utf8)
        }
        return packet([20] + [UInt8](repeating: 7, count: 16) + names + [0, 0, 0, 0, 0])
    }

    /// What is told when one side sends message 30 and the other 31, which begins with a host key.
    private static func record(_ keyExchange: String, first: Side) throws -> RecordView {
        var harness = AnalyzerHarness(SSHAnalyzer.self)
        for side in [Side.originator, .responder] { harness.feed("SSH-2.0-x\r\n", from: side) }
        for side in [Side.originator, .responder] { harness.feed(offer(keyExchange), from: side) }
        harness.feed(packet([30, 0, 0, 0, 4, 1, 2, 3, 4]), from: first)
        harness.feed(packet([31, 0, 0, 0, 4, 1, 2, 3, 4]), from: first.other)
        harness.finish()
        return try #require(harness.records(SSHRecord.kind).first)
    }

    @Test func whoeverBeginsTheKeyExchangeIsTheClient() throws {
        let usual = try Self.record("curve25519-sha256", first: .originator)
        #expect(usual[Records.ssh.reversedConn] == nil)
        #expect(usual[Records.ssh.hostKeyFingerprint] != nil)
        let reversed = try Self.record("curve25519-sha256", first: .responder)
        #expect(reversed[Records.ssh.reversedConn] == true)
        #expect(reversed[Records.ssh.hostKeyFingerprint] == usual[Records.ssh.hostKeyFingerprint])
    }

    /// One KEXINIT of each side comes before the keys (RFC 4253 section 7.1): what follows says nothing.
    @Test func theFirstOfferCounts() throws {
        var harness = AnalyzerHarness(SSHAnalyzer.self)
        for side in [Side.originator, .responder] { harness.feed("SSH-2.0-x\r\n", from: side) }
        harness.feed(Self.offer("curve25519-sha256,ecdh-sha2-nistp256"), from: .responder)
        harness.feed(Self.offer("curve25519-sha256"), from: .originator)
        for _ in 0..<3 { harness.feed(Self.offer("ecdh-sha2-nistp256"), from: .originator) }
        harness.finish()
        let record = try #require(harness.records(SSHRecord.kind).first)
        #expect(record[Records.ssh.kexAlg] == "curve25519-sha256")
    }

    private static func string(_ content: [UInt8]) -> [UInt8] { TLSWire.vector(content, lengthBytes: 4) }

    /// Only the server's side of a group exchange (RFC 4419 section 3): the group with its prime has the number 31, the
    /// reply with the host key 33.
    @Test func aGroupIsNoHostKey() throws {
        let key = Self.string(Self.string(Array("ssh-ed25519".utf8)) + Self.string([UInt8](1...32)))
        func record(_ messages: [[UInt8]]) throws -> RecordView {
            var harness = AnalyzerHarness(SSHAnalyzer.self)
            harness.feed("SSH-2.0-x\r\n", from: .responder)
            harness.feed(Self.offer("diffie-hellman-group-exchange-sha256,curve25519-sha256"), from: .responder)
            for message in messages { harness.feed(Self.packet(message), from: .responder) }
            harness.finish()
            return try #require(harness.records(SSHRecord.kind).first)
        }
        let group = [31] + Self.string([0, 0xFF] + [UInt8](repeating: 0xAB, count: 200)) + Self.string([2])
        let exchanged = try record([group, [33] + key])[Records.ssh.hostKeyFingerprint]
        #expect(exchanged != nil)
        #expect(try record([[31] + key])[Records.ssh.hostKeyFingerprint] == exchanged)
        #expect(try record([group])[Records.ssh.hostKeyFingerprint] == nil)
    }

    /// RFC 4253 section 4.2: a server may send lines before its identification, also in one segment with it.
    @Test func aGreetingBeforeTheIdentification() throws {
        let text = Array("Authorised use only.\r\n\tGo away.\r\n\r\nSSH-2.0-OpenSSH_9.6\r\n".utf8)
        func probe(_ bytes: [UInt8], _ side: Side = .responder) -> ProbeResult {
            SSHAnalyzer.probe(bytes.span.bytes, from: side)
        }
        let start = try #require(text.firstIndex(of: 0x53))
        for length in 6...text.count {
            let answer: ProbeResult = length >= start + 6 ? .match : length > start ? .needMore : .noMatch
            #expect(probe(Array(text[..<length])) == answer, "\(length)")
        }
        #expect(probe(text, .originator) == .noMatch)
        #expect(probe([1] + text) == .noMatch)
        #expect(probe([UInt8](repeating: 0x61, count: 2000) + [0x0A] + text) == .noMatch)
        // A tunnel that HTTP has opened is handed over by HTTP.
        #expect(probe(Array("HTTP/1.1 200 OK\r\n\r\nSSH-2.0-x\r\n".utf8)) == .noMatch)
        for cut in 0...text.count {
            var harness = AnalyzerHarness(SSHAnalyzer.self)
            harness.feed(Array(text[..<cut]), from: .responder)
            harness.feed(Array(text[cut...]), from: .responder)
            harness.finish()
            let record = try #require(harness.records(SSHRecord.kind).first)
            #expect(record[Records.ssh.server] == "SSH-2.0-OpenSSH_9.6")
        }
    }

    /// With RSA (RFC 4432) the server sends 30; with GSS-API (RFC 4462) a client may send 31.
    @Test(arguments: ["rsa2048-sha256", "gss-group14-sha256-x"]) func otherExchangesUseTheNumbersOtherwise(
        keyExchange: String
    ) throws {
        let record = try Self.record(keyExchange, first: .responder)
        #expect(record[Records.ssh.reversedConn] == nil)
        #expect(record[Records.ssh.hostKeyFingerprint] == nil)
    }
}
