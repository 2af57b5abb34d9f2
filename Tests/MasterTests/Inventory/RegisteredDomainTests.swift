import Testing

@testable import Master

@Suite struct RegisteredDomainTests {
    @Test(arguments: [
        ("www.example.com", "example.com"), ("a.b.example.co.jp", "example.co.jp"), ("Example.COM.", "example.com"),
        ("bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"), ("d1.cloudfront.net", "d1.cloudfront.net"),
        ("x.y.ac.jp", "y.ac.jp"), ("localhost", "localhost"), ("co.jp", "co.jp"), ("evil.github.io", "evil.github.io"),
    ])
    func ownersKeepTheirPart(host: String, domain: String) {
        #expect(RegisteredDomain.of(host) == domain)
    }
}
