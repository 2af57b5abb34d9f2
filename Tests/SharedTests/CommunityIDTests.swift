import Crypto
import Testing

@testable import Shared

/// Values of the baseline of the specification, https://github.com/corelight/community-id-spec.
@Suite struct CommunityIDTests {
    static let vectors: [(String, UInt16, String, UInt16, UInt8, String)] = [
        ("128.232.110.120", 34855, "66.35.250.204", 80, 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("66.35.250.204", 80, "128.232.110.120", 34855, 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("192.168.1.52", 54585, "8.8.8.8", 53, 17, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        ("192.168.0.89", 8, "192.168.0.1", 0, 1, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
    ]

    static func sha1(_ bytes: [UInt8]) -> [UInt8]? { Array(Insecure.SHA1.hash(data: bytes)) }

    @Test(arguments: vectors) func theSpecificationsFlowsHaveItsIdentifiers(
        a: String, p: UInt16, b: String, q: UInt16, ipProtocol: UInt8, expected: String
    ) throws {
        let text = CommunityID.text(
            try #require(IPAddress(a)), p, try #require(IPAddress(b)), q, ipProtocol: ipProtocol,
            sha1: Self.sha1)
        #expect(text == expected)
    }

    /// What a sensor leaves out of `conn` is worked out from the record; what is there stays, and so does what tells no
    /// number of its protocol.
    @Test func aBatchIsCompleted() {
        var batch = RecordBatch()
        let conn = Records.conn
        for (index, (a, p, b, q, ipProtocol, _)) in Self.vectors.enumerated() {
            batch.begin(ConnRecord.self)
            batch.set(conn.origH, a)
            batch.set(conn.origP, p)
            batch.set(conn.respH, b)
            batch.set(conn.respP, q)
            if index != 1 { batch.set(conn.ipProto, UInt64(ipProtocol)) }
            if index == 2 { batch.set(conn.communityId, "1:given") }
            batch.end()
        }
        batch.completeCommunityIDs(sha1: Self.sha1)
        let told = (0..<4).map { RecordView(batch: batch, tableIndex: 0, row: $0)[conn.communityId] }
        #expect(told == [Self.vectors[0].5, nil, "1:given", Self.vectors[3].5])
    }
}
