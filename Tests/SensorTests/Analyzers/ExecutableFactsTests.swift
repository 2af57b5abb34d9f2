import Shared
import Testing

@testable import Sensor

/// A header made after Microsoft's "PE Format": AMD64, console, two sections, imports and a signature.
@Suite struct ExecutableFactsTests {
    static let bytes: [UInt8] = {
        var dos = [UInt8](repeating: 0, count: 128)
        dos[0...1] = [0x4D, 0x5A]
        dos[60] = 128
        var optional = [UInt8](repeating: 0, count: 240)
        optional[0...1] = [0x0B, 0x02]
        optional[40] = 6
        optional[42] = 1
        optional[68] = 3
        // Random address, no execution of data, no structured exceptions.
        optional[70...71] = [0x40, 0x05]
        optional[108] = 16
        optional[112 + 8 + 4] = 80
        optional[112 + 4 * 8 + 4] = 200
        func section(_ name: String) -> [UInt8] {
            Array(name.utf8) + [UInt8](repeating: 0, count: 40 - name.utf8.count)
        }
        let coff: [UInt8] = [
            0x50, 0x45, 0, 0, 0x64, 0x86, 2, 0, 0x00, 0xF1, 0x53, 0x65, 0, 0, 0, 0, 0, 0, 0, 0, 240, 0, 0x22, 0,
        ]
        return dos + coff + optional + section(".text") + section(".rdata")
    }()

    @Test func theHeadersAreTold() throws {
        let facts = try #require(ExecutableFacts(Self.bytes))
        #expect(facts.machine == "AMD64")
        #expect(facts.compiled == Timestamp(nanoseconds: 1_700_000_000_000_000_000))
        #expect(facts.sections == [".text", ".rdata"])
        let image = try #require(facts.image)
        #expect(image.system == "Windows 7 or Server 2008 R2")
        #expect(image.subsystem == "WINDOWS_CUI")
        #expect(image.tables.count == 16)
        #expect(image.tables.enumerated().filter(\.element).map(\.offset) == [1, 4])
    }

    @Test func itsRecordIsWritten() throws {
        var sink = RecordSink()
        try #require(ExecutableFacts(Self.bytes)).write(fuid: "F1", into: &sink)
        #expect(sink.batch.recordCount == 1)
    }

    @Test func everyCutIsSurvived() {
        for length in 0..<Self.bytes.count {
            let facts = ExecutableFacts(Array(Self.bytes[..<length]))
            #expect((facts == nil) == (length < 152), "cut at \(length)")
            #expect((facts?.image == nil) == (length < 392), "cut at \(length)")
        }
    }

    @Test func flippedBitsAreSurvived() {
        for place in Self.bytes.indices {
            for bit in 0..<8 {
                var bytes = Self.bytes
                bytes[place] ^= 1 << bit
                #expect((ExecutableFacts(bytes)?.sections.count ?? 0) <= 96)
            }
        }
    }
}
