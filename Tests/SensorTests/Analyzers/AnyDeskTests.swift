import Testing

@testable import Sensor

@Suite struct AnyDeskTests {
    @Test(arguments: [
        ("relay-0b975d23.net.anydesk.com", true), ("Boot-01.NET.AnyDesk.com", true), ("net.anydesk.com", false),
        (".net.anydesk.com", false), ("www.anydesk.com", false), ("relay.net.anydesk.com.example", false),
        ("relaynet.anydesk.com", false), ("", false),
    ]) func relaysAreToldByTheirNames(name: String, isRelay: Bool) {
        #expect(AnyDesk.isRelay(serverName: name) == isRelay)
    }

    @Test(arguments: [
        ("CN=AnyDesk Client", "CN=AnyDesk Client", true),
        ("CN=AnyNet Relay,O=philandro Software GmbH,C=DE", "CN=AnyNet Root CA,O=philandro Software GmbH,C=DE", true),
        ("CN=AnyNet Relay", "CN=AnyNet Root CA 2,O=philandro Software GmbH,C=DE", true),
        // The vendor's programs are signed in its name too; that is no session.
        ("CN=philandro Software GmbH", "CN=DigiCert,O=DigiCert", false),
        ("CN=AnyDesk Client", "CN=Example CA", false), ("CN=AnyDesk Clients", "CN=AnyDesk Clients", false),
        ("CN=AnyNet Relay", "CN=AnyNet Root CA,O=Example", false),
    ]) func endsAndRelaysAreToldByTheirCertificates(subject: String, issuer: String, isAnyDesk: Bool) {
        #expect(AnyDesk.isCertificate(subject: subject, issuer: issuer) == isAnyDesk)
    }
}
