internal import Shared

/// Tells connections of TLS and QUIC that carry DNS: over TLS (RFC 7858), over HTTPS (RFC 8484), over QUIC (RFC 9250).
///
/// They become a further service of the connection (`dot`, `doh`, `doq`) and no field of `ssl`: a resolver that a
/// company does not run is a fact about the connection, and is searched and learned as its other services are. Decided
/// by what the client says, whatever the port: an application protocol that is registered for DNS, or the name of a
/// public resolver. Unknown resolvers over HTTPS look like any web site and are not told.
enum EncryptedDNS {
    /// - Parameters:
    ///   - serverName: the name that the client asked for.
    ///   - protocols: the application protocols that it offered.
    static func service(serverName: String?, protocols: [String]?, isQUIC: Bool) -> StaticString? {
        for name in protocols ?? [] {
            if name == "dot" { return "dot" }
            if name == "doq" || name.hasPrefix("doq-i") { return "doq" }
        }
        guard let serverName, isResolver(serverName) else { return nil }
        // Clients of DNS over TLS need not name a protocol; those of HTTPS do.
        guard let protocols, !protocols.isEmpty else { return isQUIC ? nil : "dot" }
        return protocols.contains { $0 == "h2" || $0 == "h3" || $0 == "http/1.1" } ? "doh" : nil
    }

    /// Whether the name is one of the table, or lies below one. Names have at most 127 labels (RFC 1035 section 2.3.4).
    private static func isResolver(_ name: String) -> Bool {
        mayBeResolver(name) && isListed(name)
    }

    /// A name, asked for with every hello, is hashed from its end; only one that shares a hash is looked up.
    private static func mayBeResolver(_ name: String) -> Bool {
        var (name, hash) = (name, UInt32(0))
        return name.withUTF8 { bytes in
            let end = bytes.last == 0x2E ? bytes.count - 1 : bytes.count
            for index in stride(from: end - 1, through: 0, by: -1) {
                // Letters beyond ASCII have forms that hashes do not know of.
                if bytes[index] >= 0x80 { return true }
                hash = next(hash, bytes[index])
                if index == 0 || bytes[index - 1] == 0x2E, hashes[Int(hash % hashCount)] { return true }
            }
            return false
        }
    }

    private static func next(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
        (hash ^ UInt32(byte.lowercasedASCII)) &* 0x0100_0193
    }

    private static let hashCount: UInt32 = 4093
    /// Which hashes names of the table have.
    private static let hashes: [Bool] = {
        var out = [Bool](repeating: false, count: Int(hashCount))
        for name in resolvers { out[Int(name.utf8.reversed().reduce(0, next) % hashCount)] = true }
        return out
    }()

    private static func isListed(_ name: String) -> Bool {
        guard name.utf8.count <= 255 else { return false }
        var rest = Substring(name.lowercased())
        if rest.last == "." { rest.removeLast() }
        while let dot = rest.firstIndex(of: ".") {
            if resolvers.contains(String(rest)) { return true }
            rest = rest[rest.index(after: dot)...]
        }
        return false
    }

    /// Names of public resolvers that answer nothing but DNS, as their operators publish them.
    private static let resolvers: Set<String> = [
        "dns.google", "dns64.dns.google", "8888.google", "cloudflare-dns.com", "one.one.one.one",
        "cloudflare-gateway.com", "dns.quad9.net", "dns9.quad9.net", "dns10.quad9.net", "dns11.quad9.net",
        "dns12.quad9.net", "doh.opendns.com", "dns.opendns.com", "doh.familyshield.opendns.com", "doh.umbrella.com",
        "dns.umbrella.com", "dns.nextdns.io", "doh.dns.apple.com", "dns.adguard.com", "dns-family.adguard.com",
        "dns-unfiltered.adguard.com", "dns.adguard-dns.com", "family.adguard-dns.com",
        "unfiltered.adguard-dns.com", "d.adguard-dns.com", "doh.cleanbrowsing.org",
        "security-filter-dns.cleanbrowsing.org", "family-filter-dns.cleanbrowsing.org",
        "adult-filter-dns.cleanbrowsing.org", "dns.mullvad.net", "adblock.dns.mullvad.net", "doh.mullvad.net",
        "base.dns.mullvad.net", "dns.controld.com", "freedns.controld.com", "dns.alidns.com", "doh.pub", "dot.pub",
        "doh.360.cn", "dot.360.cn", "doh.dns.sb", "dot.sb", "zero.dns0.eu", "kids.dns0.eu", "open.dns0.eu",
        "protective.joindns4.eu", "unfiltered.joindns4.eu", "odvr.nic.cz", "doh.xfinity.com", "dot.xfinity.com",
        "doh.libredns.gr", "dot.libredns.gr", "doh.applied-privacy.net", "dot1.applied-privacy.net",
        "dns.digitale-gesellschaft.ch", "doh.ffmuc.net", "dot.ffmuc.net", "doh.tiar.app", "dot.tiar.app",
        "dns.switch.ch", "public.dns.iij.jp", "dns.njal.la", "ordns.he.net", "wikimedia-dns.org", "dns.twnic.tw",
        "doh.la.ahadns.net", "doh.nl.ahadns.net", "dns.rubyfish.cn", "private.canadianshield.cira.ca",
        "protected.canadianshield.cira.ca", "family.canadianshield.cira.ca",
    ]
}
