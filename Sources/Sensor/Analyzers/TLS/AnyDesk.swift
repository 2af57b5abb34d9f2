/// Tells connections of AnyDesk, remote control of desktops, by how its ends name themselves up to TLS 1.2.
///
/// Whoever waits for a session, and whoever begins one, shows a certificate that it made for itself in the name
/// `AnyDesk Client`; the vendor's relays show one that the vendor's own authority signed, and are asked for by a name
/// below `net.anydesk.com`. The port (443, 80, 6568 and 7070 as delivered) says nothing: others use these too.
enum AnyDesk {
    static let service: StaticString = "anydesk"

    private static let relays = ".net.anydesk.com"

    /// Whether a client that asks for this name means a relay.
    static func isRelay(serverName: String) -> Bool {
        // Asked with every hello: most names end otherwise, and nothing is made of them.
        guard serverName.utf8.count > relays.utf8.count else { return false }
        return zip(serverName.utf8.suffix(relays.utf8.count), relays.utf8).allSatisfy { $0.lowercasedASCII == $1 }
    }

    static func isCertificate(subject: String, issuer: String) -> Bool {
        if subject == "CN=AnyDesk Client" { return issuer == subject }
        return issuer.hasPrefix("CN=AnyNet Root CA") && issuer.utf8.count < 100
            && issuer.split(separator: ",").contains("O=philandro Software GmbH")
    }
}
