import Shared
import Testing

@testable import Sensor

/// What a client asks for is told where the server's answers were lost: shares and files with their names, and the
/// remote calls of pipes (MS-SMB2 section 2.2, MS-CIFS section 2.2.4).
@Suite struct SMBLostAnswersTests {
    typealias SMB2 = SMBAnalyzerTests

    static let pipe = SMB2.fileID

    static func treeConnect(_ path: String, id: UInt64) -> [UInt8] {
        let text = SMB2.utf16(path)
        return SMB2.message(
            3, id: id, isResponse: false, Wire.hex("0900 0000 4800") + SMB2.little(UInt64(text.count), 2) + text)
    }

    static func connected(_ kind: UInt8, id: UInt64) -> [UInt8] {
        SMB2.message(3, id: id, isResponse: true, [16, 0, kind, 0] + SMB2.little(0, 12))
    }

    static func create(_ name: String, id: UInt64) -> [UInt8] {
        let text = SMB2.utf16(name)
        return SMB2.message(
            5, id: id, isResponse: false,
            SMB2.little(57, 44) + SMB2.little(120, 2) + SMB2.little(UInt64(text.count), 2) + SMB2.little(0, 8) + text)
    }

    /// WRITE (section 2.2.21), whose data stands behind the 112 bytes of head.
    static func write(_ content: [UInt8], id: UInt64) -> [UInt8] {
        SMB2.message(
            9, id: id, isResponse: false,
            [49, 0, 112, 0] + SMB2.little(UInt64(content.count), 4) + SMB2.little(0, 8) + pipe + SMB2.little(0, 16)
                + content)
    }

    /// A bind of context 0 to the interface of security accounts (MS-SAMR section 1.9) with NDR (C706 section
    /// 12.6.4.3).
    static let bind = DCERPCAuthenticationTests.pdu(
        11,
        Wire.hex("B810 B810 00000000 01000000 0000 0100 78573412 3412 CDAB EF00 0123456789AC 01000000")
            + Wire.hex("045D888A EB1C C911 9FE8 08002B104860 02000000"))
    /// SamrEnumerateUsersInDomain (MS-SAMR section 3.1.5.2.5) in context 0.
    static let call = DCERPCAuthenticationTests.pdu(0, Wire.hex("00000000 0000 0D00"))

    static func harness(_ messages: [([UInt8], Side)]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (bytes, side) in messages { harness.feed(bytes, from: side) }
        harness.finish()
        #expect(harness.failure == nil)
        return harness
    }

    @Test func callsOfAPipeWhoseAnswerWasLostAreToldWithItsName() throws {
        let harness = Self.harness([
            (Self.treeConnect("\\\\dc\\IPC$", id: 1), .originator), (Self.connected(2, id: 1), .responder),
            (Self.create("samr", id: 2), .originator), (Self.write(Self.bind, id: 3), .originator),
            (Self.write(Self.call, id: 4), .originator),
        ])
        let call = try #require(harness.records(DCERPCRecord.kind).first)
        #expect(call[Records.dceRpc.endpoint] == "samr")
        #expect(call[Records.dceRpc.operation] == "SamrEnumerateUsersInDomain")
        #expect(call[Records.dceRpc.namedPipe] == "\\pipe\\samr")
        let files = harness.records(SMBFilesRecord.kind)
        #expect(files.map { $0[Records.smbFiles.action] } == ["SMB::PIPE_OPEN"])
        #expect(files.map { $0[Records.smbFiles.name] } == ["samr"])
        #expect(files.map { $0[Records.smbFiles.path] } == ["\\\\dc\\IPC$"])
    }

    /// Which of two names it has is not known: the bind tells the interface.
    @Test func noNameIsGuessed() throws {
        let harness = Self.harness([
            (Self.create("lsarpc", id: 1), .originator), (Self.create("samr", id: 2), .originator),
            (Self.write(Self.bind, id: 3), .originator), (Self.write(Self.call, id: 4), .originator),
        ])
        let call = try #require(harness.records(DCERPCRecord.kind).first)
        #expect(call[Records.dceRpc.endpoint] == "samr")
        #expect(call[Records.dceRpc.namedPipe] == nil)
        #expect(harness.records(SMBFilesRecord.kind).map { $0[Records.smbFiles.name] } == ["lsarpc", "samr"])
    }

    /// What looks like a call in a file of a share is the file's.
    @Test func aFileIsNoPipe() {
        let harness = Self.harness([
            (Self.treeConnect("\\\\fs\\HR", id: 1), .originator), (Self.connected(1, id: 1), .responder),
            (Self.write(Self.bind, id: 3), .originator), (Self.write(Self.call, id: 4), .originator),
        ])
        #expect(harness.records(DCERPCRecord.kind).isEmpty)
    }

    @Test func whatWasNotAnsweredIsToldAtTheEnd() throws {
        // STATUS_OBJECT_NAME_NOT_FOUND, behind the four bytes of the session and eight of the header.
        var refusal = SMB2.message(5, id: 2, isResponse: true, SMB2.little(9, 9))
        refusal.replaceSubrange(12..<16, with: Wire.hex("340000C0"))
        let harness = Self.harness([
            (Self.treeConnect("\\\\fs\\HR", id: 1), .originator), (Self.create("none.doc", id: 2), .originator),
            (refusal, .responder), (Self.create("pay.pdf", id: 3), .originator),
        ])
        let mapping = try #require(harness.records(SMBMappingRecord.kind).first)
        #expect(mapping[Records.smbMapping.path] == "\\\\fs\\HR")
        #expect(mapping[Records.smbMapping.shareType] == nil)
        // The harness feeds the first message a millisecond after its beginning.
        #expect(mapping[Records.smbMapping.ts] == Timestamp(nanoseconds: 1_700_000_000_001_000_000))
        let files = harness.records(SMBFilesRecord.kind)
        #expect(files.map { $0[Records.smbFiles.name] } == ["pay.pdf"])
        #expect(files.map { $0[Records.smbFiles.action] } == ["SMB::FILE_OPEN"])
        #expect(files.first?[Records.smbFiles.size] == nil)
    }

    /// Too many wait: room is made, and what they asked for is told.
    @Test func nothingIsForgottenWhenTooManyWait() {
        let count: UInt64 = 3000
        let harness = Self.harness((1...count).map { (Self.create("a", id: $0), .originator) })
        #expect(harness.records(SMBFilesRecord.kind).count == Int(count))
    }

    @Test func nothingIsForgottenWhenTooManyCallsWait() throws {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        harness.feed(Self.bind, from: .originator)
        for number in 0..<600 {
            // The call's number stands behind the lengths (C706 section 12.6.3.1).
            var call = Self.call
            call.replaceSubrange(12..<14, with: SMB2.little(UInt64(number), 2))
            harness.feed(call, from: .originator)
        }
        harness.finish()
        #expect(harness.records(DCERPCRecord.kind).count == 600)
    }

    /// SMB_COM_NT_CREATE_ANDX (MS-CIFS section 2.2.4.64.1): 24 parameters, whose third is the length of the name.
    static func create1(_ name: String, id: Int) -> [UInt8] {
        let text = SMB2.utf16(name)
        let words = [0xFF, 0, 0, 0, 0] + SMB2.little(UInt64(text.count), 2) + [UInt8](repeating: 0, count: 41)
        return SMB1NamesTests.message(0xA2, id: id, isResponse: false, words, [0] + text)
    }

    /// TRANS_TRANSACT_NMPIPE (section 2.2.5.6) of open 5.
    static func transact1(_ content: [UInt8], id: Int) -> [UInt8] {
        let little = SMB1NamesTests.little
        // Header, count of words, sixteen words, count of bytes.
        let start = 32 + 1 + 32 + 2
        let words = Wire.join(
            little(0, 2), little(content.count, 2), little(0, 18), little(content.count, 2), little(start, 2),
            [2, 0], little(0x26, 2), little(5, 2))
        return SMB1NamesTests.message(0x25, id: id, isResponse: false, words, content)
    }

    @Test func inSMB1TheSameIsTold() throws {
        let harness = Self.harness([
            (Self.create1("\\samr", id: 1), .originator), (Self.transact1(Self.bind, id: 2), .originator),
            (Self.transact1(Self.call, id: 3), .originator),
            (
                SMB1NamesTests.message(6, id: 4, isResponse: false, [6, 0], [4] + SMB1NamesTests.text("\\x")),
                .originator
            ),
        ])
        let call = try #require(harness.records(DCERPCRecord.kind).first)
        #expect(call[Records.dceRpc.operation] == "SamrEnumerateUsersInDomain")
        #expect(call[Records.dceRpc.namedPipe] == "\\pipe\\samr")
        let files = harness.records(SMBFilesRecord.kind)
        #expect(files.map { $0[Records.smbFiles.action] } == ["SMB::PIPE_OPEN", "SMB::FILE_DELETE"])
        #expect(files.map { $0[Records.smbFiles.name] } == ["\\samr", "\\x"])
    }

    /// MS-CIFS section 3.2.5.1.2: an error ends a chain, and what stood behind it was not done.
    @Test func whatWasRefusedInAChainIsNotTold() {
        // SMB_COM_SESSION_SETUP_ANDX of 13 words, and SMB_COM_TREE_CONNECT_ANDX of four behind it, at byte 32 + 29 + 4.
        let path = Array("\\\\srv\\secret\0?????\0".utf8)
        let setup = [0x75, 0] + SMB1NamesTests.little(65, 2) + [UInt8](repeating: 0, count: 22)
        let tree = [4, 0xFF, 0, 0, 0, 0, 0, 0, 0] + SMB1NamesTests.little(path.count, 2) + path
        var request = SMB1NamesTests.message(0x73, id: 2, isResponse: false, setup, [0x75, 0, 0, 0]) + tree
        request[3] = UInt8(request.count - 4)
        // Bytes instead of UTF-16.
        request[4 + 11] = 0
        var refusal = SMB1NamesTests.done(0x73, id: 2)
        // STATUS_LOGON_FAILURE.
        refusal.replaceSubrange(9..<13, with: [0x6D, 0, 0, 0xC0])
        #expect(Self.harness([(request, .originator)]).records(SMBMappingRecord.kind).count == 1)
        let harness = Self.harness([(request, .originator), (refusal, .responder)])
        #expect(harness.records(SMBMappingRecord.kind).isEmpty)
    }

    /// MS-SMB2 section 3.3.5.2.7.2: a related request is about the file of the one before it, whichever comes later.
    @Test func whatALostCompoundDidIsNotToldOfAnother() throws {
        // SET_INFO of FileDispositionInformation (sections 2.2.39 and MS-FSCC 2.4.11), related: marked to be deleted.
        let related = [UInt8](repeating: 0xFF, count: 16)
        let delete = SMB2.message(
            17, id: 5, isResponse: false,
            [33, 0, 1, 13] + SMB2.little(1, 4) + SMB2.little(96, 2) + SMB2.little(0, 6) + related + [1])
        let harness = Self.harness([
            (delete, .originator), (Self.create("innocent.txt", id: 6), .originator),
        ])
        let actions = harness.records(SMBFilesRecord.kind).map { $0[Records.smbFiles.action] }
        #expect(actions == ["SMB::FILE_OPEN"])
    }
}
