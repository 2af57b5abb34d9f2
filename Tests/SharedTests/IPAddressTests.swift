import Shared
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.168.0.1", "192.168.0.1"), ("::", "::"), ("::1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("fe80::", "fe80::"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::ffff:10.0.0.1", "10.0.0.1"),
    ])
    func textIsCanonical(input: String, canonical: String) {
        #expect(IPAddress(input)?.description == canonical)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1::2::3", "12345::", ":1", "1:", "1:2:3:4:5:6:7:8:9", "a.b.c.d",
    ])
    func malformedTextIsRefused(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
