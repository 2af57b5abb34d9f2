import Testing

@testable import Sensor

/// Types that are told by content, in Zeek's names, and what is taken for none of them.
@Suite struct MIMETypeTests {
    private static func text(_ text: String, bigEndian: Bool) -> [UInt8] {
        ([0xFEFF] + Array(text.utf16)).flatMap { unit -> [UInt8] in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 255)]
            return bigEndian ? bytes : bytes.reversed()
        }
    }

    /// SHA-1 (1.3.14.3.2.26) where RFC 6960 §4.1.1, RFC 3161 §2.4.1 and RFC 2315 §9.1 have it.
    @Test func messagesWithADigestAreToldApart() {
        let algorithm: [UInt8] = [0x30, 9, 6, 5, 0x2B, 0x0E, 3, 2, 0x1A, 5, 0]
        let digest: [UInt8] = [4, 20] + [UInt8](repeating: 7, count: 20)
        func sequence(_ content: [UInt8]) -> [UInt8] {
            content.count < 128
                ? [0x30, UInt8(content.count)] + content : [0x30, 0x81, UInt8(content.count)] + content
        }
        let identifier = sequence(algorithm + digest + digest + [2, 1, 5])
        let request = sequence(sequence(sequence(sequence(identifier))))
        #expect(MIMEType.of(request) == "application/ocsp-request")
        let named = sequence([0xA1, 2, 5, 0] + sequence(sequence(identifier)))
        #expect(MIMEType.of(sequence(named)) == "application/ocsp-request")
        let imprint = sequence(algorithm + digest)
        #expect(MIMEType.of(sequence([2, 1, 1] + imprint)) == nil)
        let long: [UInt8] = [0x30, 0x82, 1, 0x10, 2, 1, 1] + imprint + [UInt8](repeating: 0, count: 230)
        #expect(MIMEType.of(long) == nil)
        let signed: [UInt8] = [
            6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2, 0xA0, 40, 0x30, 38, 2, 1, 1, 0x31, 11,
        ]
        #expect(MIMEType.of(sequence(signed + algorithm + digest)) == nil)
        for length in 0..<request.count {
            #expect((MIMEType.of(Array(request[..<length])) == "application/ocsp-request") == (length > 19))
        }
    }

    /// RFC 8259 §5 separates values by commas; in brackets stand other things too.
    @Test(arguments: [
        ("[2026-11-30 10:11:12] INFO service started\n", "text/plain"), ("[true story] once upon", "text/plain"),
        ("[0]\nkey=value\n", "text/plain"), ("[\"quoted\"] is it", "text/plain"), ("[1.2.3.4, 5.6.7.8]", "text/plain"),
        ("[section]\nkey=value", "text/plain"), ("[1, 2, 3]", "text/json"), ("[\"a\\\",\", 2]", "text/json"),
        ("[ true , false]", "text/json"), ("[null,1]", "text/json"), ("[-1.5e+3,2]", "text/json"),
        ("[\"only one\"]\n", "text/json"), ("[[1]]", "text/json"), ("[{\"a\":1}]", "text/json"), ("[ ]", "text/json"),
    ]) func arraysAreToldFromOtherBrackets(content: String, type: String) {
        #expect(MIMEType.of(Array(content.utf8)) == type)
    }

    @Test(arguments: [
        ("Dim sum is a meal of many small dishes.", "text/plain"), ("dim light was all there was", "text/plain"),
        ("Dim shell\r\nSet shell = CreateObject(\"WScript.Shell\")", "text/vbscript"),
        ("dim a, b", "text/vbscript"), ("Dim names(3)", "text/vbscript"), ("DIM x As Integer", "text/vbscript"),
        ("<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\">\n<svg/>", "image/svg+xml"),
        ("<!DOCTYPE svg><svg/>", "image/svg+xml"),
        ("@rem start\r\n", "text/x-msdos-batch"), ("@set x=1\r\n", "text/x-msdos-batch"),
        ("OTTO\0\u{C}\0\u{40}", "application/vnd.ms-opentype"), ("8BPS\0\u{1}", "image/vnd.adobe.photoshop"),
        ("1234567**ACE**\u{14}", "application/x-ace"), ("\0\0\0lmoov\0\0\0dmvhd", "video/quicktime"),
        ("\0\0\0\u{1}mdat\0\0\0\0\0\0", "video/quicktime"), ("Our mdat in a text", "text/plain"),
    ]) func typesOfTextAndMore(content: String, type: String) {
        #expect(MIMEType.of(Array(content.utf8)) == type)
    }

    /// Signatures of the formats' specifications, as Zeek has them.
    @Test(
        arguments: [
            ([0x04, 0x22, 0x4D, 0x18, 1], "application/x-lz4"), ([0x1F, 0x9D, 0x90, 1], "application/x-compress"),
            ([0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A], "image/jp2"),
            ([0x49, 0x49, 0x2B, 0, 8, 0], "image/tiff"), ([0x4D, 0x4D, 0, 0x2B, 0, 8], "image/tiff"),
            ([0x78, 1, 0x73, 0x0D, 0x62, 0x62, 0x60, 1], "application/x-dmg"),
            ([0, 0, 1, 0xBA, 0x44, 0, 4, 0], "video/mpeg"), ([0, 0, 1, 0xB3, 0x16, 0], "video/mpv"),
            ([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2], "application/x-java-keystore"),
            // MPEG 1 layer III and II, MPEG 2 and 2.5 layer III (ISO/IEC 11172-3 §2.4.1.3); a rate that is forbidden.
            ([0xFF, 0xFB, 0x90, 0x64], "audio/mpeg"), ([0xFF, 0xFA, 0x90, 0x64], "audio/mpeg"),
            ([0xFF, 0xF3, 0x88, 0xC4], "audio/mpeg"), ([0xFF, 0xFD, 0x90, 0], "audio/mpeg"),
            ([0xFF, 0xE3, 0x18, 0xC4], "audio/mpeg"), ([0xFF, 0xF3, 0xF8, 0xC4], nil), ([0xFF, 0xF3, 0x8C, 0xC4], nil),
            // Python 3.7, 2.7 and 3.4; lines of text.
            ([0x42, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0, 1, 2, 3, 4], "application/x-python-bytecode"),
            ([0x03, 0xF3, 0x0D, 0x0A, 1, 2, 3, 4, 0x63], "application/x-python-bytecode"),
            ([0xEE, 0x0C, 0x0D, 0x0A, 1, 2, 3, 4, 5, 6, 7, 8, 0xE3], "application/x-python-bytecode"),
            (Array("1\r\r\n2\r\r\n3\r\r\n4\r\r\n".utf8), "text/plain"),
            ([0xFF, 0xFE, 0xFF, 0x0E, 1, 2, 3, 4, 5, 6, 7, 8, 9], nil),
            ([0xFF, 0xFE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], nil),
        ] as [([UInt8], String?)]) func signaturesAreKnown(bytes: [UInt8], type: String?)
    {
        #expect(MIMEType.of(bytes) == type)
    }

    /// RFC 2781 §3.2: a mark in front tells the order of bytes.
    @Test(arguments: [
        "Windows Registry Editor", "Привет, мир", "こんにちは世界です", "안녕하세요\r\n", "α → β\t😀 x", "សួស្តីពិភពលោក",
        "မင်္ဂလာပါကမ္ဘာ", "ሰላም ልዑል ዓለም", "㈱ソニー 御中 ㎡", "⭐ best review", "𠮷野家で待つ人", "ཨོཾ་མ་ཎི་པདྨེ",
    ])
    func textInUTF16IsText(content: String) {
        for bigEndian in [true, false] {
            #expect(MIMEType.of(Self.text(content, bigEndian: bigEndian)) == "text/plain")
        }
    }

    /// RFC 2781 section 2.2: halves of a pair stand together, and 0xFFFE and the private area are no text.
    @Test(arguments: [[0xD83D, 0x41], [0xDE00, 0xD83D], [0xFFFE, 0x41], [0xE000, 0x41], [0, 0x41]] as [[UInt16]])
    func whatIsNoUTF16IsNoText(units: [UInt16]) {
        let bytes = ([0xFEFF] + units + Array("and more text".utf16)).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        #expect(MIMEType.of(bytes) == nil)
    }

    /// A disk image's zeros, and text that is filled up with them, are no numbers in tar's first form (tar(5)).
    @Test(arguments: ["vhdxfile", "some text that is followed by zeros only"])
    func zerosAreNoArchives(name: String) {
        let bytes = Array(name.utf8) + [UInt8](repeating: 0, count: 600)
        #expect(MIMEType.of(bytes) != "application/x-tar")
    }
}
