import Testing

@testable import Sensor

/// Encodings of parts of mails, undone.
@Suite struct TransferDecoderTests {
    /// RFC 2045 §6.7.
    @Test(arguments: [
        (["a=3Db"], "a=b\r\n"), (["a=", "b"], "ab\r\n"), (["a= \t", "b  "], "ab\r\n"), (["a=3D=", "b"], "a=b\r\n"),
        (["=4", "=zz", "=+f"], "=4\r\n=zz\r\n=+f\r\n"), (["a", "", "b"], "a\r\n\r\nb\r\n"), (["a=3d=20"], "a= \r\n"),
        (["a=", ""], "a\r\n"), (["a="], "a"),
    ])
    func quotedPrintableIsUndone(lines: [String], expected: String) {
        var decoder = TransferDecoder(encoding: .quotedPrintable)
        var out: [UInt8] = []
        for line in lines {
            let bytes = Array(line.utf8)
            decoder.take(bytes.span.bytes) { part in part.withUnsafeBytes { out.append(contentsOf: $0) } }
        }
        decoder.finish(at: .boundary) { part in part.withUnsafeBytes { out.append(contentsOf: $0) } }
        #expect(out == Array(expected.utf8))
    }

    /// Only the end of the line in front of a boundary belongs to that, and not in quoted-printable.
    @Test(arguments: [
        (TransferDecoder.Encoding.none, TransferDecoder.End.boundary, "a"), (.none, .mail, "a\r\n"),
        (.none, .openLine, "a"), (.quotedPrintable, .boundary, "a\r\n"), (.quotedPrintable, .mail, "a\r\n"),
        (.quotedPrintable, .openLine, "a"),
    ])
    func theLastLineEndsAsItShould(encoding: TransferDecoder.Encoding, end: TransferDecoder.End, expected: String) {
        var decoder = TransferDecoder(encoding: encoding)
        var out: [UInt8] = []
        let line = Array("a".utf8)
        decoder.take(line.span.bytes) { part in part.withUnsafeBytes { out.append(contentsOf: $0) } }
        decoder.finish(at: end) { part in part.withUnsafeBytes { out.append(contentsOf: $0) } }
        #expect(out == Array(expected.utf8))
    }

    /// Spellings of base64 (RFC 2045 §6.8): what does not belong is passed over, padding may be missing or be in two
    /// lines, and behind it nothing counts. The examples are RFC 4648 §10's.
    @Test(arguments: [
        ("Zm9vYmFy", "foobar"), ("Zm9vYmE=", "fooba"), ("Zm9vYg==", "foob"), ("Zm9vYmE", "fooba"), ("Zm9vYg", "foob"),
        ("Zm9v!YmFy", "foobar"), ("*Z*m*9*v*\r\n*Y*m*F*y*", "foobar"), ("Zm9vYg=\r\n=", "foob"),
        ("Zm\u{A0}9vY\0mFy", "foobar"), ("Zm9vYg==\r\n\r\n____\r\nmailing list\r\n", "foob"), ("Zm9v=YmFy", "foobar"),
        ("Zm9vYmFy\r\n====", "foobar"), ("Zm9vYg=Fy", "foob\u{01}r"), ("====", ""), ("", ""),
    ])
    func base64IsReadAsOthersReadIt(text: String, expected: String) {
        let bytes = Array(text.utf8)
        // In pieces of every length, from a character to all.
        for size in 1...Swift.max(1, bytes.count) {
            var decoder = TransferDecoder(encoding: .base64)
            var out: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = Array(bytes[start..<Swift.min(start + size, bytes.count)])
                decoder.take(piece.span.bytes, LinePiece(end: .open)) { part in
                    part.withUnsafeBytes { out.append(contentsOf: $0) }
                }
            }
            let isWhole = decoder.finish(at: .boundary) { part in part.withUnsafeBytes { out.append(contentsOf: $0) } }
            #expect(isWhole && out == Array(expected.utf8))
        }
    }
}
