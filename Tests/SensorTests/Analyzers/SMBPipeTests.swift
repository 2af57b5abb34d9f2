import Shared
import Testing

@testable import Sensor

/// Calls through pipes that are read and written in parts (MS-SMB2 sections 2.2.19 to 2.2.22, MS-CIFS section
/// 2.2.4.43).
@Suite struct SMBPipeTests {
    typealias SMB2 = SMBAnalyzerTests
    typealias Message = (side: Side, bytes: [UInt8])

    /// A PDU with the number of its call (C706 section 12.6.3.1).
    static func numbered(_ pdu: [UInt8], _ call: UInt8) -> [UInt8] {
        var pdu = pdu
        pdu[12] = call
        return pdu
    }

    static func call(_ number: UInt8) -> [UInt8] { numbered(SMBLostAnswersTests.call, number) }

    /// A response of 40 bytes.
    static func response(_ number: UInt8) -> [UInt8] {
        numbered(DCERPCAuthenticationTests.pdu(2, [UInt8](repeating: 0, count: 24)), number)
    }

    /// What opens the pipe `samr`, and the bind in it.
    static let opening: [Message] = [
        (.originator, SMBLostAnswersTests.treeConnect("\\\\dc\\IPC$", id: 1)),
        (.responder, SMBLostAnswersTests.connected(2, id: 1)),
        (.originator, SMBLostAnswersTests.create("samr", id: 2)),
        (
            .responder,
            SMB2.message(
                5, id: 2, isResponse: true, SMB2.little(89, 8) + SMB2.little(0, 56) + SMB2.fileID + SMB2.little(0, 8))
        ),
        (.originator, SMBLostAnswersTests.write(SMBLostAnswersTests.bind, id: 3)),
    ]

    /// READ and its answer; with STATUS_BUFFER_OVERFLOW where there is more of the message (MS-SMB2 section 3.3.4.4).
    static func read(_ content: [UInt8], id: UInt64, isPartial: Bool = false) -> [Message] {
        let request = SMB2.message(
            8, id: id, isResponse: false,
            SMB2.little(49, 4) + SMB2.little(1024, 4) + SMB2.little(0, 8) + SMB2.fileID + SMB2.little(0, 17))
        var answer = SMB2.message(
            8, id: id, isResponse: true,
            [17, 0, 80, 0] + SMB2.little(UInt64(content.count), 4) + SMB2.little(0, 8) + content)
        if isPartial { answer.replaceSubrange(12..<16, with: Wire.hex("05000080")) }
        return [(.originator, request), (.responder, answer)]
    }

    /// Feeds messages, each cut at a place of its own.
    static func calls(_ messages: [Message], cut: Int) -> [RecordView] {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in messages {
            let place = min(cut, bytes.count)
            for part in [bytes[..<place], bytes[place...]] where !part.isEmpty { harness.feed(Array(part), from: side) }
        }
        harness.finish()
        #expect(harness.failure == nil)
        return harness.records(DCERPCRecord.kind)
    }

    @Test func answersThatAreReadInPartsAreAnswers() {
        let messages: [Message] =
            Self.opening
            + [(.originator, SMBLostAnswersTests.write(Self.call(2), id: 4))]
            + Self.read(Array(Self.response(2).prefix(20)), id: 5, isPartial: true)
            + Self.read(Array(Self.response(2).suffix(20)), id: 6)
            + [(.originator, SMBLostAnswersTests.write(Self.call(3), id: 7))] + Self.read(Self.response(3), id: 8)
        for cut in 1..<200 {
            let calls = Self.calls(messages, cut: cut)
            #expect(calls.map { $0[Records.dceRpc.operation] ?? "" } == .init(repeating: Self.operation, count: 2))
            #expect(calls.allSatisfy { $0[Records.dceRpc.rtt] != nil })
        }
    }

    static let operation = "SamrEnumerateUsersInDomain"

    /// What is no call, of either side, leaves those behind it.
    @Test func callsBehindSomethingElseAreTold() {
        let noise = [UInt8](repeating: 0x41, count: 40)
        let messages: [Message] =
            Self.opening
            + [(.originator, SMBLostAnswersTests.write(noise, id: 4))]
            + Self.read(noise, id: 5)
            + [(.originator, SMBLostAnswersTests.write(Self.call(3), id: 7))] + Self.read(Self.response(3), id: 8)
        let calls = Self.calls(messages, cut: 0)
        #expect(calls.map { $0[Records.dceRpc.operation] ?? "" } == [Self.operation])
        #expect(calls.first?[Records.dceRpc.rtt] != nil)
    }

    /// SMB_COM_WRITE_ANDX of open 5 (MS-CIFS section 2.2.4.43.1).
    static func write1(_ content: [UInt8], mode: Int, id: Int) -> [UInt8] {
        let little = SMB1NamesTests.little
        // Header, count of words, twelve words, count of bytes.
        let start = 32 + 1 + 24 + 2
        let words = Wire.join(
            [0xFF, 0, 0, 0], little(5, 2), little(0, 8), little(mode, 2), little(0, 4), little(content.count, 2),
            little(start, 2))
        return SMB1NamesTests.message(0x2F, id: id, isResponse: false, words, content)
    }

    /// RAW_MODE and MSG_START: the length of the whole message stands in front of its first part, and only there.
    @Test func inSMB1ALengthStandsBeforeAMessageInParts() {
        let long = Self.call(2) + [UInt8](repeating: 0, count: 8)
        var whole = long
        whole[8] = UInt8(whole.count)
        let parts = (Array(whole.prefix(20)), Array(whole.dropFirst(20)))
        let messages: [Message] = [
            (.originator, SMBLostAnswersTests.create1("\\samr", id: 1)),
            (.originator, SMBLostAnswersTests.transact1(SMBLostAnswersTests.bind, id: 2)),
            (.originator, Self.write1([UInt8(whole.count), 0] + parts.0, mode: 0x0C, id: 3)),
            (.originator, Self.write1(parts.1, mode: 0x04, id: 4)),
            (.originator, Self.write1(Self.call(3), mode: 0x08, id: 5)),
        ]
        let calls = Self.calls(messages, cut: 0)
        #expect(calls.map { $0[Records.dceRpc.operation] ?? "" } == .init(repeating: Self.operation, count: 2))
    }
}
