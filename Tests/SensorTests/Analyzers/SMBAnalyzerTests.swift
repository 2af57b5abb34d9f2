import Shared
import Testing

@testable import Sensor

/// One file read over SMB 2, message by message after MS-SMB2 section 2.2.
@Suite struct SMBAnalyzerTests {
    static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { little(UInt64($0), 2) } }

    static func message(_ command: UInt64, id: UInt64, isResponse: Bool, _ body: [UInt8]) -> [UInt8] {
        let header = Wire.join(
            Wire.hex("FE534D42 4000 0000 00000000"), little(command, 2), [1, 0], little(isResponse ? 1 : 0, 4),
            little(0, 4), little(id, 8), little(0, 4), little(5, 4), little(9, 8),
            [UInt8](repeating: 0, count: 16))
        let count = header.count + body.count
        return [0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)] + header + body
    }

    static let fileID = little(0x11, 8) + little(0x22, 8)
    static let content = Array("%PDF-1.7 and what follows".utf8)

    /// The exchange as pairs of side and bytes.
    static let exchange: [(Side, [UInt8])] = {
        let share = utf16("\\\\fs\\HR")
        let name = utf16("pay.pdf")
        let size = little(UInt64(content.count), 8)
        return [
            (
                .originator,
                message(
                    3, id: 1, isResponse: false, Wire.hex("0900 0000 4800") + little(UInt64(share.count), 2) + share)
            ),
            (.responder, message(3, id: 1, isResponse: true, Wire.hex("1000 01 00") + little(0, 12))),
            (
                .originator,
                message(
                    5, id: 2, isResponse: false,
                    little(57, 44) + little(120, 2) + little(UInt64(name.count), 2) + little(0, 8) + name)
            ),
            (
                .responder,
                message(
                    5, id: 2, isResponse: true,
                    little(89, 8) + little(0, 32) + little(0, 8) + size + little(0, 8) + fileID + little(0, 8))
            ),
            (
                .originator,
                message(
                    8, id: 3, isResponse: false, little(49, 4) + little(4096, 4) + little(0, 8) + fileID + little(0, 17)
                )
            ),
            (
                .responder,
                message(
                    8, id: 3, isResponse: true,
                    [17, 0, 80, 0] + little(UInt64(content.count), 4) + little(0, 8) + content)
            ),
            (.originator, message(6, id: 4, isResponse: false, little(24, 8) + fileID)),
            (.responder, message(6, id: 4, isResponse: true, little(60, 60))),
        ]
    }()

    static func expectOneReadFile(_ harness: AnalyzerHarness) throws {
        let mapping = try #require(harness.records(SMBMappingRecord.kind).first)
        #expect(mapping[Records.smbMapping.path] == "\\\\fs\\HR")
        #expect(mapping[Records.smbMapping.shareType] == "DISK")
        let files = harness.records(SMBFilesRecord.kind)
        #expect(
            files.map { $0[Records.smbFiles.action] ?? "" } == ["SMB::FILE_OPEN", "SMB::FILE_READ", "SMB::FILE_CLOSE"])
        let close = try #require(files.last)
        #expect(close[Records.smbFiles.name] == "pay.pdf")
        #expect(close[Records.smbFiles.bytesRead] == UInt64(content.count))
        #expect(close[Records.smbFiles.bytesWritten] == 0)
        let file = try #require(harness.records(FilesRecord.kind).first)
        #expect(file[Records.files.source] == "SMB")
        #expect(file[Records.files.seenBytes] == UInt64(content.count))
        #expect(file[Records.files.mimeType] == "application/pdf")
    }

    @Test func aReadFileIsToldWithTheBytesReallyRead() throws {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in Self.exchange { harness.feed(bytes, from: side) }
        harness.finish()
        try Self.expectOneReadFile(harness)
    }

    @Test func segmentsOfOneByteMakeNoDifference() throws {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in Self.exchange {
            for byte in bytes { harness.feed([byte], from: side) }
        }
        harness.finish()
        try Self.expectOneReadFile(harness)
    }

    @Test func anOpenThatIsNotClosedIsToldAtTheEnd() {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in Self.exchange.dropLast(2) { harness.feed(bytes, from: side) }
        harness.finish()
        let last = harness.records(SMBFilesRecord.kind).last
        #expect(last?[Records.smbFiles.action] == "SMB::FILE_CLOSE")
        #expect(last?[Records.smbFiles.bytesRead] == UInt64(Self.content.count))
    }

    @Test func afterAHoleTheNextMessageIsFound() {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in Self.exchange.prefix(5) { harness.feed(bytes, from: side) }
        harness.lose(1000, from: .responder)
        for (side, bytes) in Self.exchange.suffix(2) { harness.feed(bytes, from: side) }
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(SMBFilesRecord.kind).last?[Records.smbFiles.action] == "SMB::FILE_CLOSE")
    }

    /// SMB2_SHARE_TYPE_PRINT (MS-SMB2 section 2.2.10).
    @Test func aPrintersFilesAreJobs() {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        let connected = Self.message(3, id: 1, isResponse: true, Wire.hex("1000 03 00") + Self.little(0, 12))
        for (index, (side, bytes)) in Self.exchange.enumerated() {
            if index < 4 || index > 5 { harness.feed(index == 1 ? connected : bytes, from: side) }
        }
        harness.finish()
        #expect(harness.records(SMBMappingRecord.kind).first?[Records.smbMapping.shareType] == "PRINT")
        let actions = harness.records(SMBFilesRecord.kind).map { $0[Records.smbFiles.action] }
        #expect(actions == ["SMB::PRINT_OPEN", "SMB::PRINT_CLOSE"])
    }
}
