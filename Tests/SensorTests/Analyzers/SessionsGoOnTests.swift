import Shared
import Testing

@testable import Sensor

/// Sessions of controllers, of brokers and of pooled connections to databases last for weeks: a packet that is missing
/// costs what it held, and not the rest.
@Suite struct SessionsGoOnTests {
    private typealias Piece = (side: Side, bytes: [UInt8])

    /// A whole message is lost between two others.
    private static func told(
        _ type: any ProtocolAnalyzer.Type, _ opening: [Piece], lost: Piece, _ behind: [Piece]
    ) -> AnalyzerHarness {
        var harness = AnalyzerHarness(type)
        for piece in opening { harness.feed(piece.bytes, from: piece.side) }
        // The beginning of a message is there, and its end is not.
        harness.feed(Array(lost.bytes.prefix(3)), from: lost.side)
        harness.lose(lost.bytes.count - 8, from: lost.side)
        harness.feed(Array(lost.bytes.suffix(5)), from: lost.side)
        #expect(!harness.isOver)
        for piece in behind { harness.feed(piece.bytes, from: piece.side) }
        #expect(harness.failure == nil)
        harness.finish()
        return harness
    }

    /// OPC 10000-6 section 7.1.2: a Read and its answer, the second pair behind a lost one.
    @Test func controllersOfOPCUA() {
        func read(_ number: UInt8, _ kind: String) -> [UInt8] {
            Wire.hex(
                "4d534746 30000000 06000000 01000000 \(number < 10 ? "0" : "")\(number)000000 02000000 0100 \(kind)")
                + [UInt8](repeating: 0, count: 20)
        }
        let (request, answer) = (read(2, "7702"), read(2, "7a02"))
        let harness = Self.told(
            OPCUAAnalyzer.self, [(.originator, request)], lost: (.responder, answer),
            [(.originator, request), (.responder, answer)])
        let names = harness.records(OPCUABinaryRecord.kind).map { $0[Records.opcuaBinary.identifierText] }
        #expect(names == ["ReadRequest", "ReadRequest", "ReadResponse"])
    }

    /// Requests and refusals of SendRRData, CIP Networks Library volume 2 section 2-4.7.
    @Test func controllersOfEtherNetIP() {
        let request = Wire.hex(
            "6f00 1600 11000000 00000000 0000000000000000 00000000 00000000 0500 0200 0000 0000 b200 0600"
                + "0e02 2001 2401")
        let harness = Self.told(
            ENIPAnalyzer.self, [(.originator, request)], lost: (.originator, request), [(.originator, request)])
        #expect(harness.records(ENIPRecord.kind).count == 2)
        #expect(harness.records(CIPRecord.kind).count == 2)
    }

    /// S7comm's setup, as python-snap7 sends it, in data of X.224.
    @Test func controllersOfSiemens() {
        let setup = Wire.hex("03000019 02f080 32010000 0100 0008 0000 f0000001000101e0")
        let harness = Self.told(
            COTPAnalyzer.self, [(.originator, setup)], lost: (.originator, setup), [(.originator, setup)])
        #expect(harness.records(S7CommRecord.kind).count == 2)
    }

    /// OASIS MQTT 3.1.1 sections 3.3, 3.8 and 3.12.
    @Test func brokers() {
        let message: [UInt8] = [0x30, 12, 0, 5] + Array("plant12345".utf8)
        let subscription: [UInt8] = [0x82, 8, 0, 9, 0, 3] + Array("a/b".utf8) + [0]
        for next in [message, subscription] {
            let harness = Self.told(
                MQTTAnalyzer.self, [(.originator, message)], lost: (.originator, message),
                [(.originator, [0xC0, 0]), (.originator, message), (.originator, next)])
            let told = harness.records(MQTTPublishRecord.kind).count + harness.records(MQTTSubscribeRecord.kind).count
            #expect(told == 3)
        }
    }

    /// AMQP 0-9-1 sections 2.3.5 and 1.7.2.1: queue.declare, a heartbeat, and connection.close with 320 and its words.
    /// Whether the login was accepted was not seen.
    @Test func brokersOfQueues() {
        func declare(_ queue: String) -> [UInt8] {
            Wire.hex("01 0001 0000000e 0032000a 0000 02") + Array(queue.utf8) + Wire.hex("00 00000000 ce")
        }
        let close = Wire.hex("01 0000 0000000d 000a0032 0140 02 6279 0000 0000 ce")
        let harness = Self.told(
            AMQPAnalyzer.self, [(.originator, Array("AMQP".utf8) + [0, 0, 9, 1]), (.originator, declare("q1"))],
            lost: (.originator, declare("q2")),
            [
                (.originator, Wire.hex("08 0000 00000000 ce")), (.originator, declare("q3")), (.responder, close),
            ])
        let found = harness.records(AMQPRecord.kind)
        #expect(found.compactMap { $0[Records.amqp.queue] } == ["q1", "q3"])
        #expect(found.allSatisfy { $0[Records.amqp.success] == nil })
        #expect(found.last?[Records.amqp.command] == "connection.close")
    }

    /// PostgreSQL documentation, "Message Formats".
    @Test func connectionsToPostgreSQL() {
        let startup = Wire.hex("00000012 00030000") + Array("user\0ann\0\0".utf8)
        func message(_ type: String, _ body: [UInt8]) -> [UInt8] {
            Array(type.utf8) + [0, 0, 0, UInt8(body.count + 4)] + body
        }
        let query = message("Q", Array("SELECT 1\0".utf8))
        let answer =
            message("D", Wire.hex("0001 00000001 31")) + message("C", Array("SELECT 1\0".utf8))
            + message("Z", [0x49])
        let harness = Self.told(
            PostgreSQLAnalyzer.self,
            [
                (.originator, startup), (.responder, message("R", [0, 0, 0, 0]) + message("Z", [0x49])),
                (.originator, query),
            ],
            lost: (.responder, answer), [(.originator, query), (.responder, answer)])
        let queries = harness.records(PostgreSQLRecord.kind).filter { $0[Records.postgresql.frontendArg] == "SELECT 1" }
        #expect(queries.map { $0[Records.postgresql.success] } == [nil, true])
        #expect(queries.last?[Records.postgresql.rows] == 1)
        // Which of the server's answers belongs to what is not known any more: what is executed is told by its name.
        let prepare = message("P", Array("s\0SELECT 2\0\0\0".utf8)) + message("S", [])
        let execute = message("B", Array("\0s\0".utf8) + [0, 0, 0, 0, 0, 0]) + message("S", [])
        let prepared = message("1", []) + message("Z", [0x49])
        let again = Self.told(
            PostgreSQLAnalyzer.self,
            [(.originator, startup), (.responder, message("R", [0, 0, 0, 0]) + message("Z", [0x49]))],
            lost: (.responder, answer),
            [
                (.originator, query), (.responder, answer), (.originator, prepare), (.responder, prepared),
                (.originator, execute), (.responder, message("2", []) + answer),
            ])
        let executions = again.records(PostgreSQLRecord.kind).filter { $0[Records.postgresql.frontend] == "execute" }
        #expect(executions.map { $0[Records.postgresql.frontendArg] } == ["s"])
    }

    /// [MS-TDS] section 2.2.3.1: of what begins in the middle of a statement none is made up.
    @Test func connectionsToSQLServer() {
        func packet(_ status: UInt8, _ number: UInt8, _ body: [UInt8]) -> [UInt8] {
            Wire.join([1, status, UInt8((body.count + 8) >> 8), UInt8((body.count + 8) & 0xFF), 0, 0, number, 0], body)
        }
        let headers = Wire.hex("16000000 12000000 0200 0000000000000000 01000000")
        let select = headers + "SELECT 1".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let long = select + [UInt8](repeating: 0x20, count: 600)
        let harness = Self.told(
            TDSAnalyzer.self, [(.originator, packet(1, 1, select))], lost: (.originator, packet(0, 1, long)),
            [(.originator, packet(1, 2, Array(long.suffix(100)))), (.originator, packet(1, 1, select))])
        let queries = harness.records(TDSSQLBatchRecord.kind).map { $0[Records.tdsSQLBatch.query] }
        #expect(queries == ["SELECT 1", "SELECT 1"])
    }

    /// Of a connection that was picked up in its middle, the server may count as the originator.
    @Test func connectionsToSQLServerFromItsEnd() {
        let select = Wire.hex("0101 0022 0000 0100 16000000 12000000 0200 0000000000000000 01000000 5300 4500")
        let error = Wire.hex("0401 0017 0000 0100 aa 0c00 d0000000 01 10 0000 00 00 01000000")
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 6666)
        harness.feed(select, from: .responder)
        harness.feed(error, from: .originator)
        harness.finish()
        #expect(harness.records(TDSSQLBatchRecord.kind).map { $0[Records.tdsSQLBatch.query] } == ["SE"])
        #expect(harness.records(TDSRecord.kind).map { $0[Records.tds.success] } == [nil, false])
    }

    /// [MS-TDS] section 3.2.5.2: where the login alone is encrypted, what is asked behind it is not.
    @Test func connectionsToSQLServerBehindAnEncryptedLogin() {
        func packet(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
            Wire.join([type, 1, UInt8((body.count + 8) >> 8), UInt8((body.count + 8) & 0xFF), 0, 0, 1, 0], body)
        }
        let hello = TLSWire.record(22, TLSWire.clientHello())
        let select = Wire.hex("16000000 12000000 0200 0000000000000000 01000000") + Wire.hex("5300 4500 4c00")
        let login = TLSWire.record(23, [UInt8](repeating: 0x55, count: 200))
        let harness = Self.told(
            TDSAnalyzer.self, [(.originator, packet(18, hello))], lost: (.responder, packet(18, hello)),
            [(.originator, login), (.responder, packet(4, [0xFD, 0])), (.originator, packet(1, select))])
        #expect(harness.records(TDSSQLBatchRecord.kind).map { $0[Records.tdsSQLBatch.query] } == ["SEL"])
        #expect(harness.records(SSLRecord.kind).count == 1)
    }

    /// MongoDB Wire Protocol, OP_MSG: {"ping": 1, "$db": "x"}, and {"ok": 1.0}.
    @Test func connectionsToMongoDB() {
        func message(_ id: UInt8, _ answered: UInt8, _ document: [UInt8]) -> [UInt8] {
            // Header, OP_MSG without flags, and one section: a document behind its length and an end of one byte.
            Wire.join(
                [UInt8(document.count + 25), 0, 0, 0, id, 0, 0, 0, answered, 0, 0, 0],
                Wire.hex("dd070000 00000000 00"), [UInt8(document.count + 4), 0, 0, 0], document)
        }
        let ping =
            Wire.hex("10") + Array("ping\0".utf8) + [1, 0, 0, 0, 2] + Array("$db\0".utf8) + Wire.hex("02000000 7800 00")
        let fine = Wire.hex("01") + Array("ok\0".utf8) + Wire.hex("000000000000f03f 00")
        let harness = Self.told(
            MongoDBAnalyzer.self, [(.originator, message(1, 0, ping))], lost: (.responder, message(2, 1, fine)),
            [(.originator, message(3, 0, ping)), (.responder, message(4, 3, fine))])
        #expect(harness.records(MongoDBRecord.kind).map { $0[Records.mongodb.success] } == [true, nil])
    }
}

extension SessionsGoOnTests {
    /// RFC 6587 section 3.4.1 and 3.4.2: messages behind their length, and lines.
    @Test(arguments: ["26 <34>1 - h su - - - one two", "<34>Oct 11 22:14:15 h su: no\n"])
    func relaysOfLogs(message: String) {
        let bytes = Array(message.utf8)
        let harness = Self.told(
            SyslogAnalyzer.self, [(.originator, bytes)], lost: (.originator, bytes), [(.originator, bytes)])
        #expect(harness.records(SyslogRecord.kind).count == 2)
    }

    /// RFC 3261 section 18.3: trunks hold a connection between them.
    @Test func trunksOfTelephony() {
        func message(_ call: Int) -> [UInt8] {
            Array(
                ("OPTIONS sip:b@example.com SIP/2.0\r\nCall-ID: \(call)\r\nCSeq: 1 OPTIONS\r\n"
                    + "From: <sip:a@example.com>\r\nTo: <sip:b@example.com>\r\nContent-Length: 0\r\n\r\n").utf8)
        }
        let harness = Self.told(
            SIPAnalyzer.self, [(.originator, message(1))], lost: (.originator, message(2)),
            [(.originator, message(3))])
        #expect(harness.records(SIPRecord.kind).map { $0[Records.sip.callId] } == ["1", "3"])
    }

    /// RFC 7766 section 6.2.1: queries share a connection.
    @Test func forwardersOfDNS() {
        func query(_ letter: UInt8) -> [UInt8] {
            Wire.hex("001d 1234 0100 0001 0000 0000 0000") + [1, letter] + Wire.name("example") + Wire.hex("0001 0001")
        }
        let first = query(0x61)
        let length = UInt8(first.count - 2)
        let queries = [first, query(0x62), query(0x63)].map { [0, length] + $0.dropFirst(2) }
        let harness = Self.told(
            DNSAnalyzer.self, [(.originator, queries[0])], lost: (.originator, queries[1]),
            [(.originator, queries[2])])
        #expect(harness.records(DNSRecord.kind).map { $0[Records.dns.query] } == ["a.example", "c.example"])
    }

    /// RFC 4511 section 4.10: a request to compare, of (uid=x) in dc=a, and its answer that it is so.
    @Test func directories() {
        let compare =
            Wire.hex("3019 02 01 05 6e 14 04 04") + Array("dc=a".utf8) + Wire.hex("300c 0403")
            + Array("uid".utf8) + Wire.hex("0405") + Array("alice".utf8)
        let answer = Wire.hex("300c 020105 6f07 0a0106 0400 0400")
        let harness = Self.told(
            LDAPAnalyzer.self, [(.originator, compare)], lost: (.responder, answer),
            [(.originator, compare), (.responder, answer)])
        #expect(harness.records(LDAPRecord.kind).contains { $0[Records.ldap.result] == "compare true" })
    }

    /// C706 section 12.6.4.9: calls on a connection whose bind was seen; the answer to one is lost.
    @Test func callsOfRPC() {
        func request(_ call: UInt8) -> [UInt8] {
            Wire.hex("05000003 10000000 1c00 0000 0\(call)000000 04000000 0000 0300 00000000")
        }
        func answer(_ call: UInt8) -> [UInt8] {
            Wire.hex("05000203 10000000 1c00 0000 0\(call)000000 04000000 0000 0000 00000000")
        }
        // srvsvc, version 3, and NDR.
        let bind = Wire.hex(
            "05000b03 10000000 4800 0000 01000000 b810 b810 00000000 01000000 0000 0100"
                + "c84f324b 7016 d301 1278 5a47bf6ee188 03000000 045d888aeb1cc9119fe808002b104860 02000000")
        let harness = Self.told(
            DCERPCAnalyzer.self, [(.originator, bind), (.originator, request(1))], lost: (.responder, answer(1)),
            [(.originator, request(2)), (.responder, answer(2))])
        #expect(harness.records(DCERPCRecord.kind).count == 2)
        #expect(harness.records(DCERPCRecord.kind).contains { $0[Records.dceRpc.rtt] != nil })
    }
}
