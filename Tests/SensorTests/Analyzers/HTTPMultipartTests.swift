import Shared
import Testing

@testable import Sensor

/// Multipart bodies (RFC 2046 §5.1, RFC 7578), spelled as servers take them.
@Suite struct HTTPMultipartTests {
    private static let script = "<?php system($_GET[\"c\"]); ?>\n"
    private static let digest = Digest.sha256.text(of: Array(script.utf8))
    private static let sizes = [1, 3, 40, 8192]

    /// A form with a file between two delimiters.
    private static func form(_ boundary: String, lineEnd: String = "\r\n", preamble: String = "") -> String {
        let lines = [
            "--\(boundary)", "Content-Disposition: form-data; name=\"f\"; filename=\"s.php\"",
            "Content-Type: text/plain", "", "\(script)", "--\(boundary)", "Content-Disposition: form-data; name=g", "",
            "a\(lineEnd)\(lineEnd)b", "--\(boundary)--", "",
        ]
        return preamble + lines.joined(separator: lineEnd)
    }

    /// The records of a request with this body that comes in pieces, and of the answer.
    private static func post(_ type: String, _ body: String, size: Int, length: Int? = nil) -> AnalyzerHarness {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed(
            "POST /up HTTP/1.1\r\nHost: h\r\nContent-Type: \(type)\r\n"
                + "Content-Length: \(length ?? body.utf8.count)\r\n\r\n",
            from: .originator)
        let bytes = Array(body.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            harness.feed(Array(bytes[start..<min(start + size, bytes.count)]), from: .originator)
        }
        if length == nil { harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", from: .responder) }
        harness.finish()
        return harness
    }

    private static let long = String(repeating: "B", count: 80)

    /// PHP ends a boundary at a comma or a semicolon, knows no longest one, and takes lines that end in a LF alone
    /// (main/rfc1867.c); a quoted one goes to its quote (RFC 9110 §5.6.4).
    @Test(arguments: [
        ("boundary=BB", form("BB")), ("boundary=BB", form("BB", lineEnd: "\n")), ("boundary=BB, x", form("BB")),
        ("boundary=BB,", form("BB")), ("boundary=\"B,B\"; x=y", form("B,B")), ("boundary=\"BB\", x", form("BB")),
        ("boundary=\(long)", form(long)), ("boundary*=UTF-8''B%42", form("BB")),
        ("boundary=BB", form("BB", preamble: "hello\r\n\r\n--B\r\n")),
        ("boundary=BB", form("BB", lineEnd: "\n", preamble: "MZ, a longer preamble\n")),
    ])
    func uploadsThatServersTakeAreFiles(parameter: String, body: String) {
        for size in Self.sizes {
            let harness = Self.post("multipart/form-data; \(parameter)", body, size: size)
            let files = harness.records(FilesRecord.kind)
            let lineEnd = body.contains("\r\n") ? "\r\n" : "\n"
            let field = Digest.sha256.text(of: Array("a\(lineEnd)\(lineEnd)b".utf8))
            #expect(files.map { $0[Records.files.filename] } == ["s.php", nil])
            #expect(files.map { $0[Records.files.sha256] } == [Self.digest, field])
            #expect(harness.records(WeirdRecord.kind).isEmpty)
            #expect(harness.records(HTTPRecord.kind).first?[Records.http.origFuids]?.count == 2)
        }
    }

    /// Where the delimiters are others than the header says, what came is one file, and told of.
    @Test(arguments: [form("BB"), "--CC", "x", "\r\n\r\n\r\n--C", String(repeating: "-", count: 5000)])
    func aBodyWithoutItsDelimiterIsAFile(body: String) throws {
        let expected = Digest.sha256.text(of: Array(body.utf8))
        for size in Self.sizes {
            let harness = Self.post("multipart/form-data; boundary=CCC", body, size: size)
            let files = harness.records(FilesRecord.kind)
            #expect(files.map { $0[Records.files.sha256] } == [expected])
            #expect(files.map { $0[Records.files.seenBytes] } == [UInt64(body.utf8.count)])
            #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] } == ["multipart_without_delimiter"])
            // Broken off in front of a delimiter, it may have had one.
            let cut = Self.post("multipart/form-data; boundary=CCC", body, size: size, length: body.utf8.count + 1)
            #expect(cut.records(FilesRecord.kind).map { $0[Records.files.sha256] } == [nil])
            #expect(cut.records(WeirdRecord.kind).isEmpty)
        }
    }

    /// RFC 2046 §5.1.1: what stands in front of the first delimiter means nothing, also where that is the last.
    @Test func aPreambleIsNoFile() {
        let harness = Self.post("multipart/mixed; boundary=b", "a preamble that is long enough\r\n--b--\r\n", size: 7)
        #expect(harness.records(FilesRecord.kind).isEmpty && harness.records(WeirdRecord.kind).isEmpty)
    }
}
