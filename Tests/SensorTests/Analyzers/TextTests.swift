import Shared
import Testing

@testable import Sensor

/// Texts that analyzers make by bytes say what the standard library would make of them.
@Suite struct TextTests {
    static let units: [[UInt16]] = [
        [], [0], [0x61], [0x61, 0, 0], [0, 0x61], Array("share\\name.txt".utf16), Array("テスト資料.docx".utf16),
        Array("a😀é\u{7FF}\u{800}".utf16), [0xD83D], [0xD83D, 0x61], [0xDE00, 0xD83D], [0xD83D, 0xD83D, 0xDE00],
        [0xFFFF, 0xFEFF, 0x7F, 0x80],
    ]

    @Test(arguments: units) func unitsOfUTF16BecomeText(units: [UInt16]) {
        var expected = units
        while expected.last == 0 { expected.removeLast() }
        let text = String(decoding: expected, as: UTF16.self)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(Array(UTF16Text.littleEndian((little + [0x41])[...]).utf8) == Array(text.utf8))
        #expect(Array(UTF16Text.bigEndian(([9] + big)[1...]).utf8) == Array(text.utf8))
    }

    @Test(arguments: [
        ("www.example.com", "WWW.example.com", true), ("www.example.com", "www.example.org", false),
        ("*.example.com", "www.EXAMPLE.com", true), ("*.Example.com", "a.b.example.com", false),
        ("*.example.com", "example.com", false), ("*.example.com", ".example.com", false), ("*.", "a.", true),
        ("*.example.com", "localhost", false), ("", "", true), ("a", "", false), ("É.example", "é.example", true),
        ("e\u{301}.example", "É.example", true), ("*.é.example", "www.e\u{301}.example", true),
        ("*.\u{301}a", "x.\u{301}a", false),
    ]) func certificatesCoverHosts(pattern: String, name: String, isCovered: Bool) {
        #expect(HostNamePattern.matches(pattern, name) == isCovered)
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
    func base64HasItsPadding(text: String, encoded: String) {
        #expect(Base64.encode(text.utf8) == encoded)
        #expect(Base64.encode(text.utf8, padded: false) == encoded.prefix { $0 != "=" })
    }

    /// Every first byte, with all that tells a well-formed sequence from others behind it.
    @Test(arguments: UInt8(0x80)...0xFF) func textFromTheWireKeepsWhatIsUTF8(first: UInt8) {
        let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        for second in edges {
            for third in edges {
                for bytes in [[first], [first, second], [first, second, third], [first, second, third, 0xBF]] {
                    let shown = bytes.withUnsafeBytes { WireText.string(decoding: $0) }
                    let isWhole = String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0x7F)
                    #expect(isWhole == (Array(shown.utf8) == bytes))
                }
            }
        }
    }

    @Test func asciiIsFoundInText() {
        #expect("none,zlib@openssh.com".contains(ascii: "zlib"))
        #expect(!"none".contains(ascii: "zlib"))
        #expect(!"".contains(ascii: "zlib"))
    }
}
