import Shared
import Testing

@testable import Sensor

/// What is renamed and deleted over SMB 1 (MS-CIFS section 2.2.4), by its name or through an open.
@Suite struct SMB1NamesTests {
    static func little(_ value: Int, _ count: Int) -> [UInt8] { SMBAnalyzerTests.little(UInt64(value), count) }

    /// One message with its parameters and data; text has two bytes a character.
    static func message(_ command: UInt8, id: Int, isResponse: Bool, _ words: [UInt8], _ data: [UInt8]) -> [UInt8] {
        let header = Wire.join(
            Wire.hex("FF534D42"), [command], little(0, 4), [isResponse ? 0x88 : 0x08], little(0xC001, 2),
            little(0, 12), little(1, 2), little(7, 2), little(1, 2), little(id, 2))
        let body = header + [UInt8(words.count / 2)] + words + little(data.count, 2) + data
        return [0, 0, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    static func text(_ text: String) -> [UInt8] { SMBAnalyzerTests.utf16(text) + [0, 0] }

    /// Requests with the responses that follow them at once.
    static func records(_ exchanges: ([UInt8], [UInt8])...) -> [RecordView] {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (request, response) in exchanges {
            harness.feed(request, from: .originator)
            harness.feed(response, from: .responder)
        }
        harness.finish()
        #expect(harness.failure == nil)
        return harness.records(SMBFilesRecord.kind)
    }

    static func done(_ command: UInt8, id: Int) -> [UInt8] { message(command, id: id, isResponse: true, [], []) }

    /// SMB_COM_RENAME: behind the second format byte stands one that makes the place even, which some leave out.
    @Test(arguments: [true, false]) func aNameIsChanged(isPadded: Bool) throws {
        // The data begins at an odd place: the first name at an even one.
        let data = [4] + Self.text("\\a.doc") + [4] + (isPadded ? [0] : []) + Self.text("\\a.locked")
        let request = Self.message(7, id: 3, isResponse: false, [6, 0], data)
        let record = try #require(Self.records((request, Self.done(7, id: 3))).first)
        #expect(record[Records.smbFiles.action] == "SMB::FILE_RENAME")
        #expect(record[Records.smbFiles.name] == "\\a.locked")
        #expect(record[Records.smbFiles.prevName] == "\\a.doc")
    }

    /// SMB_COM_DELETE_DIRECTORY has no parameters, SMB_COM_DELETE those that it searches for.
    @Test(arguments: [(UInt8(1), "\\d"), (6, "\\*.doc")]) func aNameIsDeleted(command: UInt8, name: String) throws {
        let words: [UInt8] = command == 1 ? [] : [6, 0]
        let request = Self.message(command, id: 4, isResponse: false, words, [4] + Self.text(name))
        let record = try #require(Self.records((request, Self.done(command, id: 4))).first)
        #expect(record[Records.smbFiles.action] == "SMB::FILE_DELETE")
        #expect(record[Records.smbFiles.name] == name)
    }

    /// What the server refuses did not happen.
    @Test func whatIsRefusedIsNotTold() {
        let request = Self.message(6, id: 4, isResponse: false, [6, 0], [4] + Self.text("\\x"))
        var refusal = Self.done(6, id: 4)
        // STATUS_NO_SUCH_FILE, behind the four bytes of the session and five of the header.
        refusal.replaceSubrange(9..<13, with: Wire.hex("0F0000C0"))
        #expect(Self.records((request, refusal)).isEmpty)
    }

    /// TRANS2_SET_FILE_INFORMATION (section 2.2.6.9) of open 5.
    static func setInformation(_ level: Int, _ content: [UInt8], id: Int) -> [UInt8] {
        // Header, count of words, words, count of bytes, a byte of padding; then the parameters, and the data behind.
        let start = 32 + 1 + 30 + 2 + 1
        let words = Wire.join(
            little(6, 2), little(content.count, 2), little(0, 14), little(6, 2), little(start, 2),
            little(content.count, 2), little(start + 6, 2), [1, 0], little(8, 2))
        return message(
            0x32, id: id, isResponse: false, words, [0] + little(5, 2) + little(level, 2) + [0, 0] + content)
    }

    /// Windows opens what it renames and deletes.
    @Test func anOpenFileIsRenamedAndDeleted() {
        let name = SMBAnalyzerTests.utf16("new")
        // SMB_COM_OPEN_ANDX: parameters of fifteen words; of its response those with number and size.
        let open = Self.message(0x2D, id: 1, isResponse: false, [0xFF] + Self.little(0, 29), [0] + Self.text("\\old"))
        let opened = Self.message(
            0x2D, id: 1, isResponse: true, [0xFF, 0, 0, 0] + Self.little(5, 2) + Self.little(0, 24), [])
        let rename = Self.setInformation(
            0x3F2, Self.little(0, 8) + Self.little(name.count, 4) + name, id: 2)
        let close = Self.message(4, id: 4, isResponse: false, Self.little(5, 2) + Self.little(0, 4), [])
        let records = Self.records(
            (open, opened), (rename, Self.done(0x32, id: 2)),
            (Self.setInformation(0x102, [1], id: 3), Self.done(0x32, id: 3)), (close, Self.done(4, id: 4)))
        let actions = records.map { $0[Records.smbFiles.action] }
        #expect(
            actions == ["SMB::FILE_OPEN", "SMB::FILE_RENAME", "SMB::FILE_DELETE", "SMB::FILE_CLOSE"])
        #expect(records.map { $0[Records.smbFiles.name] } == ["\\old", "new", "new", "new"])
        #expect(records[1][Records.smbFiles.prevName] == "\\old")
    }
}
