import Shared
import Testing

@testable import Sensor

/// A client asks for several parts of a file at a time, and the server answers in an order of its own (MS-SMB2 section
/// 3.3.4.1.2 knows none).
@Suite struct SMBOrderTests {
    /// A harness on whose connection a file of three bytes is open.
    static func harness() -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in SMBAnalyzerTests.exchange.prefix(3) { harness.feed(bytes, from: side) }
        let little = SMBAnalyzerTests.little
        harness.feed(
            SMBAnalyzerTests.message(
                5, id: 2, isResponse: true,
                little(89, 8) + little(0, 32) + little(0, 8) + little(3, 8) + little(0, 8) + SMBAnalyzerTests.fileID
                    + little(0, 8)),
            from: .responder)
        return harness
    }

    /// READ of one byte (section 2.2.19).
    static func ask(_ offset: UInt64) -> [UInt8] {
        let little = SMBAnalyzerTests.little
        return SMBAnalyzerTests.message(
            8, id: 10 + offset, isResponse: false,
            little(49, 4) + little(1, 4) + little(offset, 8) + SMBAnalyzerTests.fileID + little(0, 17))
    }

    /// Its response (section 2.2.20), whose byte is that of "abc" there.
    static func answer(_ offset: UInt64) -> [UInt8] {
        SMBAnalyzerTests.message(
            8, id: 10 + offset, isResponse: true,
            [17, 0, 80, 0] + SMBAnalyzerTests.little(1, 4) + SMBAnalyzerTests.little(0, 8)
                + [UInt8(ascii: "a") + UInt8(offset)])
    }

    static func file(_ harness: inout AnalyzerHarness) throws -> RecordView {
        harness.finish()
        #expect(harness.failure == nil)
        let records = harness.records(FilesRecord.kind)
        #expect(records.count == 1)
        return try #require(records.first)
    }

    @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1], [1, 0, 2]])
    func theOrderOfAnswersMakesNoDifference(order: [UInt64]) throws {
        var harness = Self.harness()
        for offset in 0..<UInt64(3) { harness.feed(Self.ask(offset), from: .originator) }
        for offset in order { harness.feed(Self.answer(offset), from: .responder) }
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 3)
        #expect(file[Records.files.missingBytes] == 0)
        // FIPS 180-4's example.
        #expect(
            file[Records.files.sha256] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    /// Who reads here and there leaves holes: nothing waits for them.
    @Test func whatNobodyAskedForIsMissing() throws {
        var harness = Self.harness()
        for offset in [UInt64(2), 1] {
            harness.feed(Self.ask(offset), from: .originator)
            harness.feed(Self.answer(offset), from: .responder)
        }
        let held = harness.analyzer.heldBytes
        #expect(held < 4096)
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 1)
        #expect(file[Records.files.missingBytes] == 2)
        #expect(file[Records.files.sha256] == nil)
    }

    /// What waits is given up when something was lost, and at the end.
    @Test(arguments: [true, false]) func whatNeverComesIsMissing(isLost: Bool) throws {
        var harness = Self.harness()
        for offset in 0..<UInt64(3) { harness.feed(Self.ask(offset), from: .originator) }
        harness.feed(Self.answer(1), from: .responder)
        if isLost { harness.lose(Self.answer(0).count, from: .responder) }
        harness.feed(Self.answer(2), from: .responder)
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 2)
        #expect(file[Records.files.missingBytes] == 1)
        #expect(file[Records.files.sha256] == nil)
    }

    /// A client that is always ahead of the server does not fill the memory.
    @Test func whatWaitsIsBounded() throws {
        var harness = Self.harness()
        let little = SMBAnalyzerTests.little
        let size = 1 << 20
        harness.feed(Self.ask(0), from: .originator)
        for index in 1...UInt64(20) {
            let offset = index * UInt64(size)
            harness.feed(
                SMBAnalyzerTests.message(
                    8, id: 100 + index, isResponse: false,
                    little(49, 4) + little(UInt64(size), 4) + little(offset, 8) + SMBAnalyzerTests.fileID
                        + little(0, 17)), from: .originator)
            harness.feed(
                SMBAnalyzerTests.message(
                    8, id: 100 + index, isResponse: true,
                    [17, 0, 80, 0] + little(UInt64(size), 4) + little(0, 8) + [UInt8](repeating: 1, count: size)),
                from: .responder)
            #expect(harness.analyzer.heldBytes <= 2 * (16 << 20) + 4096)
        }
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == UInt64(20 * size))
        #expect(file[Records.files.missingBytes] == UInt64(size))
    }

    /// WRITE (section 2.2.21) of some bytes of "abc".
    static func write(_ content: [UInt8], at offset: UInt64) -> [UInt8] {
        SMBCompoundTests.write(content, at: offset, file: SMBAnalyzerTests.fileID, id: 20 + offset)
    }

    static func written(_ offset: UInt64) -> [UInt8] { write([UInt8(ascii: "a") + UInt8(offset)], at: offset) }

    /// A harness on whose connection a file is open that is of some size.
    static func writing(size: UInt64 = 0) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        for (side, bytes) in SMBAnalyzerTests.exchange.prefix(3) { harness.feed(bytes, from: side) }
        harness.feed(SMBCompoundTests.created(id: 2, size: size), from: .responder)
        return harness
    }

    @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1], [1, 0, 2]], [0, 1])
    func theOrderOfWritesMakesNoDifference(order: [UInt64], cut: Int) throws {
        var harness = Self.writing()
        for offset in order {
            let message = Self.written(offset)
            harness.feed(Array(message.dropLast(cut)), from: .originator)
            if cut > 0 { harness.feed(Array(message.suffix(cut)), from: .originator) }
        }
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 3)
        #expect(file[Records.files.missingBytes] == 0)
        #expect(file[Records.files.sha256] == SMBCompoundTests.digest)
    }

    /// What waits is given up when something was lost, and at the end; behind a loss nothing waits.
    @Test(arguments: [true, false]) func whatIsNeverWrittenIsMissing(isLost: Bool) throws {
        var harness = Self.writing()
        harness.feed(Self.written(1), from: .originator)
        #expect(harness.records(FilesRecord.kind).isEmpty)
        if isLost { harness.lose(Self.written(0).count, from: .originator) }
        harness.feed(Self.written(2), from: .originator)
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 2)
        #expect(file[Records.files.missingBytes] == 1)
        #expect(file[Records.files.sha256] == nil)
    }

    /// The end of a write was lost: what was seen is not the whole file.
    @Test func aWriteWhoseEndWasLostHasNoDigest() throws {
        var harness = Self.writing()
        harness.feed(Array(Self.write(Array("abc".utf8), at: 0).dropLast(2)), from: .originator)
        harness.lose(2, from: .originator)
        harness.feed(SMBCompoundTests.close(file: SMBAnalyzerTests.fileID, id: 40), from: .originator)
        harness.feed(SMBCompoundTests.closed(id: 40), from: .responder)
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 1)
        #expect(file[Records.files.missingBytes] == 2)
        #expect(file[Records.files.sha256] == nil)
    }

    /// Who writes behind what there is appends: nothing waits.
    @Test func whatIsAppendedDoesNotWait() throws {
        var harness = Self.writing(size: 1 << 20)
        harness.feed(Self.write([UInt8](repeating: 1, count: 60_000), at: 1 << 20), from: .originator)
        let held = harness.analyzer.heldBytes
        #expect(held < 4096)
        let file = try Self.file(&harness)
        #expect(file[Records.files.missingBytes] == 1 << 20)
    }

    /// A client that never writes a beginning does not fill the memory.
    @Test func whatIsWrittenEarlyIsBounded() throws {
        var harness = Self.writing()
        let size = 1 << 20
        for index in 1...UInt64(20) {
            harness.feed(
                Self.write([UInt8](repeating: 1, count: size), at: index * UInt64(size)), from: .originator)
            let held = harness.analyzer.heldBytes
            #expect(held <= 2 * (16 << 20) + 4096)
        }
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == UInt64(20 * size))
        #expect(file[Records.files.missingBytes] == UInt64(size))
    }

    /// What was written twice counts once, and what stands behind it in the same write is not forgotten.
    @Test(arguments: [[0, 1], [1, 0], [1, 2, 0], [2, 1, 0], [0, 0, 1, 1]]) func partsOverlap(order: [UInt64]) throws {
        var harness = Self.writing()
        let content = Array("abc".utf8)
        for offset in order {
            let part = Array(content.dropFirst(Int(offset)).prefix(2))
            harness.feed(Self.write(part, at: offset), from: .originator)
        }
        let file = try Self.file(&harness)
        #expect(file[Records.files.seenBytes] == 3)
        #expect(file[Records.files.missingBytes] == 0)
        #expect(file[Records.files.sha256] == SMBCompoundTests.digest)
    }
}
