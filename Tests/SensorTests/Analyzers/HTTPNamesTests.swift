import Shared
import Testing

@testable import Sensor

/// Names of files in HTTP's headers, and answers that have none.
@Suite struct HTTPNamesTests {
    private static func filenames(_ headers: String) -> [String]? {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("GET / HTTP/1.1\r\n\r\n", from: .originator)
        harness.feed("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\(headers)\r\n\r\nhello world ab", from: .responder)
        return harness.records(HTTPRecord.kind).first?[Records.http.respFilenames]
    }

    @Test(arguments: [
        ("Content-Type: application/x; name=\"foo.bin\"", "foo.bin" as String?),
        ("Content-Type: application/x; name=foo.bin", "foo.bin"), ("Content-Type: application/x; rename=foo", nil),
        ("Content-Type: application/x; name=\"a\"\r\nContent-Disposition: attachment; filename=\"b\"", "b"),
        ("Content-Disposition: attachment; filename=\"b\"\r\nContent-Type: application/x; name=\"a\"", "b"),
        ("Content-Disposition: attachment; filename=\"a%20b.txt\"", "a b.txt"),
        ("Content-Disposition: attachment; filename=\"100%.txt\"", "100%.txt"),
        ("Content-Disposition: attachment; filename=my file.txt", "my file.txt"),
        ("Content-Disposition: attachment; filename = \"a;b.txt\"", "a;b.txt"),
        ("Content-Disposition: attachment; filename=\"it's Bob's.txt\"", "it's Bob's.txt"),
        ("Content-Disposition: filename=a.txt", "a.txt"),
        ("Content-Disposition: form-data; filename=\"a.txt\"; name=\"field\"", "a.txt"),
        // RFC 6266 §5.
        ("Content-Disposition: attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "€ rates"),
        ("Content-Disposition: attachment; filename*=UTF-8'en'a%20b.txt", "a b.txt"),
        ("Content-Disposition: attachment; filename*=plain.txt", "plain.txt"),
        ("Content-Disposition: attachment; filename=\"\"", nil), ("Content-Disposition: attachment", nil),
    ])
    func namesAreTakenFromBothHeaders(headers: String, expected: String?) {
        #expect(Self.filenames(headers) == expected.map { [$0] })
    }

    /// An answer of HTTP/0.9 has no status, and there is one only if something came.
    @Test func onlyBareContentIsAnAnswer() {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("GET /a\r\n", from: .originator)
        harness.feed("<html>hello</html>\n", from: .responder)
        harness.finish()
        let answered = harness.records(HTTPRecord.kind).first
        #expect(answered?[Records.http.statusCode] == 0 && answered?[Records.http.statusMsg] == "<empty>")

        harness = HTTPAnalyzerTests.harness()
        harness.feed("GET /a\r\n", from: .originator)
        harness.finish()
        let alone = harness.records(HTTPRecord.kind)
        #expect(alone.map { $0[Records.http.statusCode] } == [nil])
        #expect(alone.map { $0[Records.http.statusMsg] } == [nil])
    }
}
