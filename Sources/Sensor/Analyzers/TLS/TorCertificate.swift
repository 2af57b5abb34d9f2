/// How relays of Tor sign themselves up to TLS 1.2 (tor-spec, "Negotiating and initializing channels"): a certificate
/// of one random name by another random name, `www.` before and `.net` or `.com` behind letters of base 32.
enum TorCertificate {
    /// Characters of a random name.
    private static let lengths = 8...20

    static func looksLike(subject: String, issuer: String) -> Bool {
        isRandom(subject, end: ".net") && isRandom(issuer, end: ".com")
    }

    /// One name and nothing else. A digit from 2 to 7 must be in it, which words do not have.
    private static func isRandom(_ name: String, end: String) -> Bool {
        guard name.hasPrefix("CN=www."), name.hasSuffix(end) else { return false }
        let label = name.utf8.dropFirst(7).dropLast(end.utf8.count)
        guard lengths.contains(label.count) else { return false }
        let isBase32 = label.allSatisfy { (0x61...0x7A).contains($0) || (0x32...0x37).contains($0) }
        return isBase32 && label.contains { $0 < 0x61 }
    }
}
