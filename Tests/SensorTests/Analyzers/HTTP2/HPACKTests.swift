import Shared
import Testing

@testable import Sensor

/// Header sections (RFC 7541), against the examples of its appendix C.
@Suite struct HPACKTests {
    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func fields(
        _ section: [UInt8], _ decoder: inout HPACKDecoder
    ) throws(DecodeError) -> [[String]] {
        var fields: [[String]] = []
        _ = try decoder.decode(section) { fields.append([$0.text(), $1.text()]) }
        return fields
    }

    /// Appendix C.4.
    @Test func requestsReferToThoseBefore() throws {
        var decoder = HPACKDecoder()
        let first = [":method GET", ":scheme http", ":path /", ":authority www.example.com"].map(Self.split)
        #expect(try Self.fields(Self.bytes("828684418cf1e3c2e5f23a6ba0ab90f4ff"), &decoder) == first)
        let second = first + [["cache-control", "no-cache"]]
        #expect(try Self.fields(Self.bytes("828684be5886a8eb10649cbf"), &decoder) == second)
        let third = [
            ":method GET", ":scheme https", ":path /index.html", ":authority www.example.com",
            "custom-key custom-value",
        ].map(Self.split)
        let bytes = Self.bytes("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")
        #expect(try Self.fields(bytes, &decoder) == third)
    }

    /// Appendix C.6: a table of 256 bytes forgets the oldest. How large it is, is told in the first section here.
    @Test func whatDoesNotFitIsForgotten() throws {
        var decoder = HPACKDecoder()
        let place = ["location", "https://www.example.com"]
        let first = try Self.fields(
            Self.bytes(
                """
                3fe101 488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8
                e9ae82ae43d3
                """), &decoder)
        let date = ["date", "Mon, 21 Oct 2013 20:13:21 GMT"]
        #expect(first == [[":status", "302"], ["cache-control", "private"], date, place])
        let second = try Self.fields(Self.bytes("4883640effc1c0bf"), &decoder)
        #expect(second == [[":status", "307"], ["cache-control", "private"], date, place])
        let third = try Self.fields(
            Self.bytes(
                """
                88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5
                af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007
                """), &decoder)
        #expect(
            third == [
                [":status", "200"], ["cache-control", "private"], ["date", "Mon, 21 Oct 2013 20:13:22 GMT"], place,
                ["content-encoding", "gzip"],
                ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
            ])
        // Fields 62 and 63 are the last two, 65 is gone.
        #expect(throws: DecodeError.invalid(.pointer)) { try Self.fields([0xC1], &decoder) }
    }

    /// Each byte has its code: all of them in order, as the library hpack 4 writes them.
    @Test func everyByteHasItsCode() throws {
        let coded = Self.bytes(
            """
            ffc7fffd8fffffe2fffffe3fffffe4fffffe5fffffe6fffffe7fffffe8ffffeafffffff3fffffa7fffffabffffffdfffffebfffffe
            cfffffedfffffeefffffefffffff0ffffff1ffffff2fffffffbfffffcffffffd3fffffd7fffffdbfffffdffffffe3fffffe7fffffe
            bfffffed4fe3f9ffaffcabf1febfafefe7fdfd2cbb00089969b71d79fb9f7fff20ffbff3ff50ddbd7f061c58f265cd9f469d5af66d
            ddbf871e5f9cff7ff7fffc3ff9ffe45fff4719242cb34e6e9d68a6a3d7dac426defe3cfaf7fffbfe7ffbffdffffffcfffe6ffff4bf
            ff9ffffa3fffd3ffff53fffd5ffffb3fffeb7fffdaffffb7ffff73fffeeffffdeffffebffffbfffffd9ffffdbfffebffffe0ffffee
            ffffc3ffff8bffff1ffffe4fffee7fffb1ffff97fffd9ffffcdffff9fffffbffffdafffeeffff4ffffb7fffee7fffe8ffffd3fffde
            ffffd5fffeeffffbdffffe1fffdfffff7fffff5ffffecffff07fff87fffe0ffff17fffedffff87ffff77fffeffffeaffff8bfffe3f
            fff93ffff87fffcbffff37ffff1fffff83ffffe1fffebfffe3ffff3fffff2ffffa3ffffd9fffff17ffffc7fffff27ffffdefffffbf
            fffff2fffff8fffffb7fff97fff8fffffe6fffffc1fffff87ffffe7fffffc5ffffe5fffe4ffff2fffffd1fffff4ffffffefffffe3f
            ffffc9fffff97fffb3ffffcffffb7fffcdffff4ffff9ffffd1ffffcffffeaffffafffffddffffeffffff4fffff5fffffabffffa7ff
            ffd7fffff9bffffecfffffb7fffff3fffffe8fffffd3fffffabfffff5fffffff7ffffecfffffdbfffffbbfffff7ffffff0fffffbbf
            """)
        #expect(coded.count == 583)
        var out: [UInt8] = []
        try HPACKHuffman.decode(coded.span.bytes, into: &out)
        #expect(out == (0...255).map { UInt8($0) })
    }

    /// Padding of zeros, of a whole byte, and the code of the end inside (section 5.2).
    @Test(arguments: [[0x18], [0x1F, 0xFF], [0xFF, 0xFF, 0xFF, 0xFC]] as [[UInt8]])
    func textsThatDoNotEndRightAreNone(coded: [UInt8]) {
        var out: [UInt8] = []
        #expect(throws: DecodeError.invalid(.encoding)) { try HPACKHuffman.decode(coded.span.bytes, into: &out) }
    }

    /// An index of 0 and one of nothing, numbers without end, texts beyond the section.
    @Test(arguments: ["80", "be", "ffffffffffff7f", "4005", "40ffff", "00", "828684418cf1"])
    func whatIsNoSectionIsRefused(hex: String) {
        var decoder = HPACKDecoder()
        #expect(throws: DecodeError.self) { try Self.fields(Self.bytes(hex), &decoder) }
    }

    /// What lost sections put into the table is not known; what came since, and the fixed fields, are.
    @Test func whatWasLostIsPassedOver() throws {
        var decoder = HPACKDecoder()
        _ = try Self.fields(Self.bytes("828684418cf1e3c2e5f23a6ba0ab90f4ff"), &decoder)
        decoder.lose()
        // A value under a name that is not known is kept in the table under none.
        let known = try Self.fields(Self.bytes("82be 7e0161 400178 0179 be bf c0"), &decoder)
        #expect(known == [[":method", "GET"], ["x", "y"], ["x", "y"]])
    }

    /// A field of four thousand bytes costs one byte each time: more than usual is not handed on, and told.
    @Test func bombsDoNotUnfold() throws {
        var decoder = HPACKDecoder()
        let value = [UInt8](repeating: 0x61, count: 4000)
        // A length of 4000 is 127 and 3873 more, seven bits a byte, the low ones first.
        let section = [0x40, 1, 0x78, 0x7F, 0xA1, 0x1E] + value + [UInt8](repeating: 0xBE, count: 10_000)
        var count = 0
        let isWhole = try decoder.decode(section) { count += $0.byteCount + $1.byteCount }
        #expect(!isWhole)
        #expect(count > 4000 && count <= 65_536 + 64 * section.count)
        #expect(decoder.heldBytes < 3 * 8192)
        // The next section is read as ever.
        #expect(try Self.fields([0x82], &decoder) == [[":method", "GET"]])
    }

    /// Whatever is put in, the table keeps to its size, and memory with it.
    @Test func tablesKeepTheirSize() throws {
        var decoder = HPACKDecoder()
        for number in 0..<5000 {
            let value = Array("\(number)".utf8)
            let section = [0x40, 1, 0x78, UInt8(value.count)] + value
            #expect(try Self.fields(section, &decoder) == [["x", "\(number)"]])
            #expect(try Self.fields([0xBE], &decoder) == [["x", "\(number)"]])
            if number >= 1 { #expect(try Self.fields([0xBF], &decoder) == [["x", "\(number - 1)"]]) }
        }
        // 4096 bytes hold 110 fields of 32 + 1 + 4: number 110 of them is the oldest.
        #expect(try Self.fields([0xFF, 109 - 65], &decoder) == [["x", "\(4999 - 109)"]])
        #expect(throws: DecodeError.invalid(.pointer)) { try Self.fields([0xFF, 110 - 65], &decoder) }
        #expect(decoder.heldBytes < 32_768)
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: " ", maxSplits: 1).map(String.init)
    }
}
