import Testing

@testable import Sensor

@Suite struct EncryptedDNSTests {
    /// What a client says, and what it is.
    struct Hello: Sendable {
        let name: String?
        let protocols: [String]?
        var isQUIC = false
        let service: String?
    }

    static let hellos: [Hello] = [
        Hello(name: nil, protocols: ["dot"], service: "dot"),
        Hello(name: "ns.example.com", protocols: ["doq"], isQUIC: true, service: "doq"),
        Hello(name: "ns.example.com", protocols: ["doq-i02"], isQUIC: true, service: "doq"),
        Hello(name: "mozilla.cloudflare-dns.com", protocols: ["h2", "http/1.1"], service: "doh"),
        Hello(name: "DNS.Google", protocols: ["h3"], isQUIC: true, service: "doh"),
        Hello(name: "dns.google", protocols: nil, service: "dot"),
        Hello(name: "dns.google.", protocols: nil, service: "dot"),
        Hello(name: "a.b.dns.google", protocols: nil, service: "dot"),
        // Lower case makes an ordinary k of the sign of the kelvin.
        Hello(name: "zero.dns0.eu\u{301}", protocols: nil, service: nil),
        Hello(name: "wi\u{212A}imedia-dns.org", protocols: nil, service: "dot"),
        Hello(name: "www.google", protocols: ["h2"], service: nil),
        Hello(name: "notdns.google.com", protocols: ["h2"], service: nil),
        Hello(name: "dns.quad9.net.example.com", protocols: ["h2"], service: nil),
        Hello(name: "cloudflare.com", protocols: nil, service: nil),
        Hello(name: nil, protocols: ["h2"], service: nil), Hello(name: ".", protocols: nil, service: nil),
        Hello(name: "", protocols: nil, service: nil),
    ]

    @Test(arguments: hellos) func whatAClientSaysTellsEncryptedDNS(hello: Hello) {
        let service = EncryptedDNS.service(
            serverName: hello.name, protocols: hello.protocols, isQUIC: hello.isQUIC)
        #expect(service?.description == hello.service)
    }
}
