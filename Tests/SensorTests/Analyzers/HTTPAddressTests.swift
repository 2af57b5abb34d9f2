import Shared
import Testing

@testable import Sensor

/// Passwords that stand in addresses (RFC 3986 §3.2.1) are not kept.
@Suite struct HTTPAddressTests {
    private static func text(_ value: String) -> String { HTTPAddress.text(Array(value.utf8).span.bytes) }

    @Test(arguments: [
        ("ftp://alice:S3cret%21@ftp.example.com/pub/f.txt", "ftp://alice:<hidden>@ftp.example.com/pub/f.txt"),
        ("http://bob:hunter2@intranet", "http://bob:<hidden>@intranet"),
        ("http://bob:hunter2@[2001:db8::1]:8080?q", "http://bob:<hidden>@[2001:db8::1]:8080?q"),
        // At signs and colons that should have been encoded; `&` may stand in a password.
        ("http://bob:p@ss:w&rd@h/", "http://bob:<hidden>@h/"), ("http://:pw@h/", "http://:<hidden>@h/"),
        // Addresses within others.
        ("/fetch/http://u:pw@h/x", "/fetch/http://u:<hidden>@h/x"),
        ("/go?to=http://u:pw@h/&or=https://v:pw@i", "/go?to=http://u:<hidden>@h/&or=https://v:<hidden>@i"),
        ("http://a:pw@h/?u=ftp://b:pw@i", "http://a:<hidden>@h/?u=ftp://b:<hidden>@i"),
        // Nothing is hidden in them.
        ("http://bob@h/", "http://bob@h/"), ("http://bob:@h/", "http://bob:@h/"),
        ("http://h:80/a:b@c", "http://h:80/a:b@c"), ("http://h/?mail=a:b@c", "http://h/?mail=a:b@c"),
        ("/go?to=http://h&mail=a:b@c", "/go?to=http://h&mail=a:b@c"), ("/a:b@c", "/a:b@c"), ("", ""),
        ("http://", "http://"), ("@://", "@://"), ("://:@", "://:@"), ("://@:x", "://@:x"),
    ])
    func passwordsAreHidden(address: String, told: String) { #expect(Self.text(address) == told) }

    /// Wherever a request is cut: its line may have been kept.
    @Test func noRecordHasAPassword() {
        let request = Array(
            """
            GET ftp://alice:S3cret%21@ftp.example.com/f HTTP/1.1\r\nHost: bob:S3cret%21@h\r
            Referer: http://carol:S3cret%21@intra/\r\nOrigin: http://dave:S3cret%21@intra\r\n\r\n
            """.utf8)
        for cut in 1..<request.count {
            var harness = HTTPAnalyzerTests.harness()
            harness.feed(Array(request[..<cut]), from: .originator)
            harness.feed(Array(request[cut...]), from: .originator)
            harness.finish()
            let record = harness.records(HTTPRecord.kind).first
            #expect(record?[Records.http.uri] == "ftp://alice:<hidden>@ftp.example.com/f")
            #expect(record?[Records.http.host] == "bob:<hidden>@h")
            #expect(record?[Records.http.referrer] == "http://carol:<hidden>@intra/")
            #expect(record?[Records.http.origin] == "http://dave:<hidden>@intra")
            #expect(!harness.sink.batch.strings.strings.contains { $0.contains("S3cret") })
        }
    }

    @Test func noTargetOfATunnelHasAPassword() {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("CONNECT u:pw@h:443 HTTP/1.1\r\n\r\n", from: .originator)
        harness.finish()
        #expect(harness.records(HTTPRecord.kind).first?[Records.http.uri] == "u:<hidden>@h:443")
    }

    @Test func noAuthorityOfHTTP2HasAPassword() {
        var harness = AnalyzerHarness(HTTP2Analyzer.self)
        let fields = [(":method", "GET"), (":path", "/?u=http://a:pw@i/"), (":authority", "u:pw@h")]
        harness.feed(HTTP2Wire.preface + HTTP2Wire.headers(fields, ends: true), from: .originator)
        harness.finish()
        let record = harness.records(HTTPRecord.kind).first
        #expect(record?[Records.http.host] == "u:<hidden>@h")
        #expect(record?[Records.http.uri] == "/?u=http://a:<hidden>@i/")
    }

    /// RFC 7617 §2: user and password have a colon between them. "secrettoken12345" is a secret.
    @Test(arguments: [
        ("c2VjcmV0dG9rZW4xMjM0NQ==", nil, nil), ("Ym9iOg==", "bob", nil), ("Ym9iOmE6Yg==", "bob", "<hidden>"),
    ])
    func aSecretAloneIsNoUser(credentials: String, user: String?, password: String?) {
        var harness = HTTPAnalyzerTests.harness()
        harness.feed("GET / HTTP/1.1\r\nAuthorization: Basic \(credentials)\r\n\r\n", from: .originator)
        harness.finish()
        let record = harness.records(HTTPRecord.kind).first
        #expect(record?[Records.http.username] == user)
        #expect(record?[Records.http.password] == password)
    }
}
