import Shared
import Testing

@testable import Sensor

/// Values of the baseline of the specification, https://github.com/corelight/community-id-spec.
@Suite struct CommunityIDTests {
    static let vectors: [(String, UInt16, String, UInt16, UInt8, String)] = [
        ("128.232.110.120", 34855, "66.35.250.204", 80, 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("66.35.250.204", 80, "128.232.110.120", 34855, 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("192.168.1.52", 54585, "8.8.8.8", 53, 17, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        ("192.168.0.89", 8, "192.168.0.1", 0, 1, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    ]

    @Test(arguments: vectors) func theSpecificationsFlowsHaveItsIdentifiers(
        a: String, p: UInt16, b: String, q: UInt16, ipProtocol: UInt8, expected: String
    ) throws {
        let text = CommunityID.text(
            try #require(IPAddress(a)), p, try #require(IPAddress(b)), q, ipProtocol: ipProtocol, isOneWay: false)
        #expect(text == expected)
    }
}
