import Shared
import Testing

@testable import Sensor

/// The first message of a connection may come in small segments: it is waited for while what is there agrees with the
/// protocol.
@Suite struct FirstMessagesInPiecesTests {
    /// What an analyzer says of each beginning of a message, of eight bytes and more.
    private static func answers(
        _ analyzer: any ProtocolAnalyzer.Type, _ message: [UInt8], from side: Side = .originator
    ) -> [ProbeResult] {
        (8...message.count).map { count in
            let beginning = Array(message.prefix(count))
            return analyzer.probe(beginning.span.bytes, from: side)
        }
    }

    /// CIP Networks Library volume 2 sections 2-4.3, 2-4.4 and 2-4.7: ListIdentity, RegisterSession, SendRRData.
    @Test(arguments: [
        "6300 0000 00000000 00000000 0102030405060708 00000000",
        "6500 0400 00000000 00000000 0102030405060708 00000000 0100 0000",
        "6f00 1600 11000000 00000000 0000000000000000 00000000 00000000 0500 0200 0000 0000 b200 0600 0e02 2001 2401",
    ])
    func ofEtherNetIP(message: String) {
        let answers = Self.answers(ENIPAnalyzer.self, Wire.hex(message))
        #expect(answers.last == .match)
        #expect(answers.dropLast().allSatisfy { $0 == .needMore })
    }

    /// A length, a session, a status, options and an interface that do not fit.
    @Test(arguments: [
        "6500 0500 00000000", "6f00 1600 00000000", "6300 0800 01000000", "0100 0000 00000000",
        "6500 0400 00000000 00000100", "6500 0400 00000000 00000000 0102030405060708 01000000",
        "6f00 1600 11000000 00000000 0000000000000000 00000000 01000000",
    ])
    func othersAreNotHeldForEtherNetIP(beginning: String) {
        let bytes = Wire.hex(beginning)
        #expect(ENIPAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    /// MongoDB Wire Protocol: OP_MSG, and OP_QUERY of older drivers with {"isMaster": 1}.
    @Test func ofMongoDB() {
        let hello = Wire.join(
            Array("\u{10}isMaster\0".utf8), [1, 0, 0, 0, 0])
        let query = Wire.join(
            Wire.hex("00000000 01000000 00000000 d4070000 00000000"), Array("admin.$cmd\0".utf8),
            Wire.hex("00000000 01000000"), [UInt8(hello.count + 4), 0, 0, 0], hello)
        for message in [
            MongoDBAnalyzerTests.message(1, answering: 0, MongoDBAnalyzerTests.ping),
            [UInt8(query.count)] + query.dropFirst(),
        ] {
            let answers = Self.answers(MongoDBAnalyzer.self, message)
            #expect(answers.last == .match)
            #expect(!answers.contains(.noMatch))
            #expect(answers.first == .needMore)
        }
    }

    /// A length that is too great for a beginning, a kind that is none, flags, a section, and a name that do not fit.
    @Test(arguments: [
        "00000100 01000000", "19000000 01000000", "40000000 01000000 00000000 d5070000",
        "40000000 01000000 00000000 dd070000 00010000", "40000000 01000000 00000000 dd070000 00000000 02",
        "40000000 01000000 00000000 d4070000 00000000 61646d696e00", "40000000 01000000 07000000 d4070000 00000000",
    ])
    func othersAreNotHeldForMongoDB(beginning: String) {
        let bytes = Wire.hex(beginning)
        #expect(MongoDBAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    /// RFC 1035 sections 4.1 and 4.2.2: a query over TCP, and an answer that does not repeat it.
    @Test(arguments: [
        "1234 0100 0001 0000 0000 0000 046e616d65 076578616d706c65 00 0001 0001",
        "1234 8180 0000 0001 0000 0000 046e616d65 00 0001 0001 00000e10 0004 c0000201",
    ])
    func ofDNS(message: String) {
        let body = Wire.hex(message)
        let answers = Self.answers(DNSAnalyzer.self, [0, UInt8(body.count)] + body)
        #expect(answers.last == .match)
        #expect(answers.dropLast().allSatisfy { $0 == .needMore })
    }

    /// Counts, a label, and a class that do not fit; and a message that is whole and ends in its name.
    @Test(arguments: [
        "0040 1234 0100 0100 0000 0000 0000 04", "0040 1234 0100 0001 0000 0000 0000 80",
        "0040 1234 8180 0000 0001 0000 0000 00 0001 1234", "0010 1234 0100 0001 0000 0000 0000 04 616263",
    ])
    func othersAreNotHeldForDNS(beginning: String) {
        let bytes = Wire.hex(beginning)
        #expect(DNSAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    /// RFC 7143 sections 11.12 and 13: some initiators send the header of a login and its keys one after the other.
    @Test func ofISCSI() {
        let keys = Array("SessionType=Normal\0InitiatorName=iqn.1998-01.com.example:a\0".utf8)
        let head = Wire.hex("43 87 0000 00") + [0, 0, UInt8(keys.count)] + [UInt8](repeating: 0, count: 40)
        let answers = Self.answers(ISCSIAnalyzer.self, head + keys)
        let name = Array("SessionType=Normal\0InitiatorName=".utf8)
        // The first answer is to eight bytes.
        let needed = head.count + name.count - 8
        #expect(answers.last == .match)
        #expect(answers[needed] == .match)
        #expect(answers.prefix(needed).allSatisfy { $0 == .needMore })
    }

    /// Stages, a version, and lengths that do not fit; and keys of another message.
    @Test(arguments: [
        "43 b7 0000 00000040", "43 87 0001 00000040", "43 87 0000 01000040", "43 87 0000 00000000",
        "43 87 0000 00000004" + String(repeating: "00", count: 40) + "613d6200",
    ])
    func othersAreNotHeldForISCSI(beginning: String) {
        let bytes = Wire.hex(beginning)
        #expect(ISCSIAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    /// RFC 7011 sections 3 and 3.4.1: a template, and what is told by it.
    static let exports = [
        Wire.hex("000a 001c 65000000 00000000 00000001 0002 000c 0100 0001 0008 0004"),
        Wire.hex("000a 0018 65000000 00000000 00000001 0100 0008 c0000201"),
    ]

    @Test func ofIPFIX() {
        let answers = Self.answers(IPFIXAnalyzer.self, Self.exports[0])
        #expect(answers.last == .match)
        #expect(answers.dropLast().allSatisfy { $0 == .needMore })
        // One behind the other, wherever the second is cut.
        let both = Self.answers(IPFIXAnalyzer.self, Self.exports[0] + Self.exports[1])
        #expect(both.suffix(Self.exports[1].count - 1).allSatisfy { $0 == .match })
        let cut = Self.exports[0] + [0]
        #expect(IPFIXAnalyzer.probe(cut.span.bytes, from: .originator) == .needMore)
    }

    /// Sets that no message has, or that do not fill theirs; and what is none behind one.
    @Test(arguments: [
        "000a 0010", "000a 0018 65000000 00000000 00000001 0001 0008", "000a 001c 65000000 00000000 00000001 0004 000c",
        "000a 001c 65000000 00000000 00000001 0100 000d", "000a 001c 65000000 00000000 00000001 0100 0004",
        "000a 0018 65000000 00000000 00000001 0100 0008 c0000201 0009",
    ])
    func othersAreNotHeldForIPFIX(beginning: String) {
        let bytes = Wire.hex(beginning)
        #expect(IPFIXAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    /// OPC 10000-6 section 7.1.2.3: a hello with the address of what it asks for.
    @Test func ofOPCUA() {
        let address = Array("opc.tcp://plc:4840/".utf8)
        let hello = Wire.join(
            Array("HELF".utf8), [UInt8(32 + address.count), 0, 0, 0], Self.buffers, [UInt8(address.count), 0, 0, 0],
            address)
        let answers = Self.answers(OPCUAAnalyzer.self, hello)
        #expect(answers.prefix(36 - 8).allSatisfy { $0 == .needMore })
        #expect(answers.dropFirst(36 - 8).allSatisfy { $0 == .match })
        let short = Array(hello.prefix(4))
        #expect(OPCUAAnalyzer.probe(short.span.bytes, from: .originator) == .needMore)
    }

    /// Version 0, buffers of 64 KiB, any size and number of chunks.
    private static let buffers = Wire.hex("00000000 00000100 00000100 00000000 00000000")

    /// One without an address, which has a length of -1 or 0 (section 5.2.2.4).
    @Test(arguments: ["ffffffff", "00000000"]) func ofOPCUAWithoutAddress(length: String) throws {
        let hello = Array("HELF".utf8) + [32, 0, 0, 0] + Self.buffers + Wire.hex(length)
        let answers = Self.answers(OPCUAAnalyzer.self, hello)
        #expect(answers.last == .match)
        #expect(answers.dropLast().allSatisfy { $0 == .needMore })
        var harness = AnalyzerHarness(OPCUAAnalyzer.self)
        harness.feed(hello, from: .originator)
        harness.finish()
        let record = try #require(harness.records(OPCUABinaryRecord.kind).first)
        #expect(harness.failure == nil)
        #expect(record[Records.opcuaBinary.messageType] == "HEL")
        #expect(record[Records.opcuaBinary.receiveBufferSize] == 65_536)
    }

    /// Sizes, addresses, and buffers (of 8,192 bytes at least) that do not fit.
    @Test(arguments: [
        "48454c46 1f000000", "48454c46 01200000",
        "48454c46 20000000 00000000 00010000 00000100 00000000 00000000 ffffffff",
        "48454c46 20000000 00000000 00000100 00000100 00000000 00000000 01000000",
        "48454c46 24000000 00000000 00000100 00000100 00000000 00000000 04000000 68747470",
    ])
    func othersAreNotHeldForOPCUA(beginning: String) {
        let bytes = Wire.hex(beginning)
        #expect(OPCUAAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    /// Reads from an open whose share was connected before the capture, byte by byte.
    private static func read(_ content: [UInt8]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (index, (side, bytes)) in SMBAnalyzerTests.exchange.enumerated() where index > 1 {
            let answer = SMBAnalyzerTests.message(
                8, id: 3, isResponse: true,
                [17, 0, 80, 0] + SMBAnalyzerTests.little(UInt64(content.count), 4) + SMBAnalyzerTests.little(0, 8)
                    + content)
            for byte in index == 5 ? answer : bytes { harness.feed([byte], from: side) }
        }
        harness.finish()
        return harness
    }

    /// C706 section 12.6.4.5: the answer to a bind whose interface is not known.
    @Test func ofAPipe() {
        let harness = Self.read(
            Wire.hex("05000c03 10000000 3c00 0000 01000000 b810 b810 01000000 0000 0000")
                + Wire.hex("01000000 0200 0200 00000000000000000000000000000000 00000000"))
        let actions = harness.records(SMBFilesRecord.kind).map { $0[Records.smbFiles.action] }
        #expect(actions == ["SMB::FILE_OPEN"])
        #expect(harness.records(FilesRecord.kind).isEmpty)
    }

    /// Files that begin as the calls do, longer and shorter than what tells.
    @Test(arguments: [[UInt8](repeating: 0x41, count: 40), [0x41], []])
    func ofAFileThatIsNoPipe(rest: [UInt8]) throws {
        let harness = Self.read([5, 0] + rest)
        let close = try #require(harness.records(SMBFilesRecord.kind).last)
        #expect(close[Records.smbFiles.action] == "SMB::FILE_CLOSE")
        #expect(close[Records.smbFiles.bytesRead] == UInt64(rest.count + 2))
        #expect(harness.records(FilesRecord.kind).first?[Records.files.seenBytes] == UInt64(rest.count + 2))
    }
}
