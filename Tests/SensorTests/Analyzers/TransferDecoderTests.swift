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
}
