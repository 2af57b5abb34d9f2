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
        ("*.example.com", "example.com", false), ("*.example.com", "localhost", false), ("", "", true),
        ("a", "", false), ("É.example", "é.example", false), ("É.example", "É.example", true),
        // What libcrypto's X509_check_host says: a part of a label, two labels behind, letters of hosts only.
        ("f*.example.com", "Foo.example.com", true), ("*oo.example.com", "foo.example.com", true),
        ("f*o.example.com", "foo.example.com", false), ("*.com", "example.com", false), ("*.", "a.", false),
        ("*.example.com", "a_b.example.com", false), ("a.*.com", "a.example.com", false),
        ("*.example.com", "xn--a.example.com", true), ("x*.example.com", "xn--a.example.com", true),
        ("xn--*.example.com", "xn--a.example.com", false), ("*a.example.com", "xn--a.example.com", false),
        ("*.*.example.com", "a.b.example.com", false), ("*.exa_mple.com", "a.exa_mple.com", false),
        ("f*.example.com", "f.example.com", true),
        // A name that begins with a dot stands for all below it.
        ("*.example.com", ".example.com", true), ("a.b.example.com", ".example.com", true),
        ("example.com", ".example.com", false),
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
