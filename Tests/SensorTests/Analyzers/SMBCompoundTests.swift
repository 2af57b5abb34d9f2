import Shared
import Testing

@testable import Sensor

/// Several commands in one message (MS-SMB2 section 3.2.4.1.4), which the server answers in one or in several (section
/// 3.3.4.1.3).
@Suite struct SMBCompoundTests {
    typealias SMB2 = SMBAnalyzerTests
    typealias Message = (side: Side, bytes: [UInt8])

    static let related = [UInt8](repeating: 0xFF, count: 16)
    static let other = SMB2.little(0x33, 8) + SMB2.little(0x44, 8)
    // FIPS 180-4's example.
    static let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    /// One message of several, each of which begins at a multiple of eight bytes.
    /// - Parameter isRelated: those behind the first are about its file.
    static func compound(_ parts: [[UInt8]], isRelated: Bool = true) -> [UInt8] {
        var joined: [UInt8] = []
        for (index, part) in parts.enumerated() {
            var command = Array(part.dropFirst(4))
            if isRelated, index > 0 { command[16] |= 4 }
            if index < parts.count - 1 {
                command += [UInt8](repeating: 0, count: -command.count & 7)
                command.replaceSubrange(20..<24, with: SMB2.little(UInt64(command.count), 4))
            }
            joined += command
        }
        let count = joined.count
        return [0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)] + joined
    }

    static func create(_ name: String, id: UInt64) -> [UInt8] { SMBLostAnswersTests.create(name, id: id) }

    static func created(id: UInt64, file: [UInt8] = SMB2.fileID, size: UInt64 = 0) -> [UInt8] {
        SMB2.message(
            5, id: id, isResponse: true,
            SMB2.little(89, 8) + SMB2.little(0, 40) + SMB2.little(size, 8) + SMB2.little(0, 8) + file
                + SMB2.little(0, 8))
    }

    static func write(_ content: [UInt8], at offset: UInt64 = 0, file: [UInt8] = related, id: UInt64) -> [UInt8] {
        SMB2.message(
            9, id: id, isResponse: false,
            [49, 0, 112, 0] + SMB2.little(UInt64(content.count), 4) + SMB2.little(offset, 8) + file
                + SMB2.little(0, 16) + content)
    }

    static func written(_ count: UInt64, id: UInt64) -> [UInt8] {
        SMB2.message(9, id: id, isResponse: true, [17, 0, 0, 0] + SMB2.little(count, 4) + SMB2.little(0, 8))
    }

    static func read(file: [UInt8] = related, id: UInt64) -> [UInt8] {
        SMB2.message(
            8, id: id, isResponse: false,
            SMB2.little(49, 4) + SMB2.little(4096, 4) + SMB2.little(0, 8) + file + SMB2.little(0, 17))
    }

    static func content(_ content: [UInt8], id: UInt64) -> [UInt8] {
        SMB2.message(
            8, id: id, isResponse: true,
            [17, 0, 80, 0] + SMB2.little(UInt64(content.count), 4) + SMB2.little(0, 8) + content)
    }

    static func close(file: [UInt8] = related, id: UInt64) -> [UInt8] {
        SMB2.message(6, id: id, isResponse: false, SMB2.little(24, 8) + file)
    }

    static func closed(id: UInt64) -> [UInt8] { SMB2.message(6, id: id, isResponse: true, SMB2.little(60, 60)) }

    static let abc = Array("abc".utf8)

    static func harness(_ messages: [Message], cut: Int = 0) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in SMB2.exchange.prefix(2) { harness.feed(bytes, from: side) }
        for (side, bytes) in messages {
            let place = min(cut, bytes.count)
            for part in [bytes[..<place], bytes[place...]] where !part.isEmpty { harness.feed(Array(part), from: side) }
        }
        harness.finish()
        #expect(harness.failure == nil)
        return harness
    }

    /// Expects one file of three bytes, and what was done with it.
    static func expectWhole(_ harness: AnalyzerHarness, action: String) throws {
        let records = harness.records(SMBFilesRecord.kind)
        #expect(records.map { $0[Records.smbFiles.action] } == ["SMB::FILE_OPEN", action, "SMB::FILE_CLOSE"])
        let isWritten = action == "SMB::FILE_WRITE"
        #expect(records.last?[Records.smbFiles.bytesWritten] == (isWritten ? 3 : 0))
        #expect(records.last?[Records.smbFiles.bytesRead] == (isWritten ? 0 : 3))
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.seenBytes] == 3)
        #expect(file[Records.files.missingBytes] == 0)
        #expect(file[Records.files.sha256] == digest)
    }

    static let answers = [created(id: 2), written(3, id: 3), closed(id: 4)]

    @Test(arguments: [
        [(Side.responder, compound(answers))], answers.map { (.responder, $0) },
        // The first was asynchronous (section 3.3.4.2), and the rest waited for it.
        [(.responder, answers[0]), (.responder, compound(Array(answers[1...])))],
    ])
    func aFileThatIsWrittenInOneMessageIsTold(answers: [Message]) throws {
        let request = Self.compound([Self.create("a", id: 2), Self.write(Self.abc, id: 3), Self.close(id: 4)])
        for cut in 0..<request.count {
            try Self.expectWhole(
                Self.harness([(.originator, request)] + answers, cut: cut), action: "SMB::FILE_WRITE")
        }
    }

    /// What was not opened was not written.
    @Test func aFileThatIsRefusedIsNotWritten() {
        var refusal = SMB2.message(5, id: 2, isResponse: true, SMB2.little(9, 9))
        refusal.replaceSubrange(12..<16, with: Wire.hex("220000C0"))
        let harness = Self.harness([
            (
                .originator,
                Self.compound([Self.create("a", id: 2), Self.write(Self.abc, id: 3), Self.close(id: 4)])
            ),
            (.responder, refusal),
        ])
        #expect(harness.records(SMBFilesRecord.kind).isEmpty)
        #expect(harness.records(FilesRecord.kind).isEmpty)
    }

    @Test func theLastWriteOfSeveralCounts() throws {
        let writes = [
            Self.write([0x61], at: 0, file: SMB2.fileID, id: 3),
            Self.write([0x62, 0x63], at: 1, file: SMB2.fileID, id: 4),
        ]
        let harness = Self.harness([
            (.originator, Self.create("a", id: 2)), (.responder, Self.created(id: 2)),
            (.originator, Self.compound(writes, isRelated: false)),
            (.responder, Self.compound([Self.written(1, id: 3), Self.written(2, id: 4)], isRelated: false)),
            (.originator, Self.close(file: SMB2.fileID, id: 5)), (.responder, Self.closed(id: 5)),
        ])
        try Self.expectWhole(harness, action: "SMB::FILE_WRITE")
    }

    /// The read stands last, and its answer in the same message or in one of its own.
    @Test(arguments: [true, false], [true, false]) func aFileThatIsOpenedAndReadIsTold(
        isOneAnswer: Bool, isRelated: Bool
    ) throws {
        let answers = [Self.created(id: 2, size: 3), Self.content(Self.abc, id: 3)]
        let between: [Message] = [
            (.originator, SMB2.message(13, id: 9, isResponse: false, [4, 0, 0, 0])),
            (.responder, SMB2.message(13, id: 9, isResponse: true, [4, 0, 0, 0])),
        ]
        let answered: [Message] =
            isOneAnswer
            ? [(.responder, Self.compound(answers, isRelated: isRelated))]
            : [(.responder, answers[0])] + between + [(.responder, answers[1])]
        let harness = Self.harness(
            [(.originator, Self.compound([Self.create("a", id: 2), Self.read(id: 3)]))] + answered
                + [
                    (.originator, Self.close(file: SMB2.fileID, id: 4)), (.responder, Self.closed(id: 4)),
                ])
        try Self.expectWhole(harness, action: "SMB::FILE_READ")
    }

    /// Another file is opened before the server has answered what the chain asks for.
    @Test func whatIsRelatedIsAboutTheFileOfItsChain() throws {
        let harness = Self.harness([
            (.originator, Self.compound([Self.create("a", id: 2), Self.close(id: 3)])),
            (.originator, Self.create("b", id: 4)),
            (.responder, Self.created(id: 2)), (.responder, Self.created(id: 4, file: Self.other, size: 3)),
            (.responder, Self.closed(id: 3)),
            (.originator, Self.read(file: Self.other, id: 5)), (.responder, Self.content(Self.abc, id: 5)),
            (.originator, Self.close(file: Self.other, id: 6)), (.responder, Self.closed(id: 6)),
        ])
        let records = harness.records(SMBFilesRecord.kind)
        #expect(records.map { $0[Records.smbFiles.name] } == ["a", "b", "a", "b", "b"])
        let closes = records.filter { $0[Records.smbFiles.action] == "SMB::FILE_CLOSE" }
        #expect(closes.map { $0[Records.smbFiles.name] } == ["a", "b"])
        #expect(closes.map { $0[Records.smbFiles.bytesRead] } == [0, 3])
        #expect(harness.records(FilesRecord.kind).first?[Records.files.sha256] == Self.digest)
    }

    /// Of large messages the beginning is read: a digest of that would be none of the file.
    @Test func whatIsNotReadWholeHasNoDigest() throws {
        let size = 300_000
        let content = [UInt8](repeating: 0x61, count: size)
        let harness = Self.harness([
            (
                .originator,
                Self.compound([Self.create("a", id: 2), Self.write(content, id: 3), Self.close(id: 4)])
            ),
            (.responder, Self.compound([Self.created(id: 2), Self.written(UInt64(size), id: 3), Self.closed(id: 4)])),
        ])
        let file = try #require(harness.records(FilesRecord.kind).first)
        let missing = try #require(file[Records.files.missingBytes])
        #expect(missing > 0)
        #expect(file[Records.files.seenBytes].map { $0 + missing } == UInt64(size))
        #expect(file[Records.files.sha256] == nil)
    }

    /// A client whose requests nobody answers fills no memory.
    @Test func whatWaitsForItsFileIsBounded() {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        let content = [UInt8](repeating: 0x61, count: 60_000)
        for id in UInt64(0)..<300 {
            harness.feed(
                Self.compound([Self.create("a", id: 2 * id), Self.write(content, id: 2 * id + 1)]), from: .originator)
            let held = harness.analyzer.heldBytes
            #expect(held < 2 << 20)
        }
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(SMBFilesRecord.kind).count == 300)
    }
}
