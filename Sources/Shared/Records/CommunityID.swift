/// Community ID version 1 (https://github.com/corelight/community-id-spec): a hash of the flow that tools share.
public enum CommunityID {
    /// SHA-1, as the specification asks for; here it protects nothing. Nil where the system refuses it.
    public typealias SHA1 = (_ bytes: [UInt8]) -> [UInt8]?

    /// Ports of ICMP are type and code, or both types where one asks and the other answers.
    /// - Parameter seed: the specification's default is 0.
    public static func text(
        _ originator: IPAddress, _ originatorPort: UInt16, _ responder: IPAddress, _ responderPort: UInt16,
        ipProtocol: UInt8, seed: UInt16 = 0, sha1: SHA1
    ) -> String? {
        let isICMP = ipProtocol == 1 || ipProtocol == 58
        let isOneWay =
            isICMP && ICMPPairs.counterpart(of: originatorPort, isV6: ipProtocol == 58) != responderPort
        let isOrdered =
            isOneWay || originator < responder
            || (originator == responder && originatorPort < responderPort)
        let (a, b) = isOrdered ? (originator, responder) : (responder, originator)
        let (p, q) = isOrdered ? (originatorPort, responderPort) : (responderPort, originatorPort)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(40)
        append(seed, to: &bytes)
        append(a, to: &bytes)
        append(b, to: &bytes)
        bytes.append(ipProtocol)
        bytes.append(0)
        append(p, to: &bytes)
        append(q, to: &bytes)
        return sha1(bytes).map { "1:" + base64($0) }
    }

    private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ address: IPAddress, to bytes: inout [UInt8]) {
        if address.isIPv4 {
            append(address.v4, to: &bytes)
        } else {
            append(address.high, to: &bytes)
            append(address.low, to: &bytes)
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { out in
            var (index, count) = (0, 0)
            while index < bytes.count {
                let left = min(3, bytes.count - index)
                var group = UInt32(bytes[index]) << 16
                if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
                if left > 2 { group |= UInt32(bytes[index + 2]) }
                for position in 0..<4 {
                    let digit = Int(group >> UInt32(18 - 6 * position) & 63)
                    out[count] = position <= left ? digits.utf8Start[digit] : 0x3D
                    count += 1
                }
                index += 3
            }
            return count
        }
    }
}

extension RecordBatch {
    /// Works out the `community_id` of each `conn` that came without: sensors leave it out of what they send.
    public mutating func completeCommunityIDs(sha1: CommunityID.SHA1) {
        let position = Records.conn.communityId.position
        guard let table = tables.firstIndex(where: { $0.kindIndex == Records.index(of: ConnRecord.self) }),
            tables[table].columns[position].presentCount < tables[table].rowCount
        else { return }
        let known = tables[table].columns[position]
        var complete = Column(storage: known.storage)
        for row in 0..<tables[table].rowCount {
            if known.isPresent(row) {
                complete.append(string: known.strings[row])
            } else if let text = communityID(of: RecordView(batch: self, tableIndex: table, row: row), sha1) {
                complete.pad(to: row)
                complete.append(string: append(distinct: text))
            }
        }
        replace(column: position, ofTable: table, by: complete)
    }

    private func communityID(of record: RecordView, _ sha1: CommunityID.SHA1) -> String? {
        let conn = Records.conn
        guard let originator = record[conn.origH].flatMap(IPAddress.init),
            let responder = record[conn.respH].flatMap(IPAddress.init),
            let originatorPort = record[conn.origP], let responderPort = record[conn.respP]
        else { return nil }
        let ipProtocol: UInt64? =
            record[conn.ipProto]
            ?? {
                switch record[conn.proto] {
                case "tcp": 6
                case "udp": 17
                case "icmp": originator.isIPv4 ? 1 : 58
                default: nil
                }
            }()
        guard let ipProtocol, let number = UInt8(exactly: ipProtocol) else { return nil }
        return CommunityID.text(
            originator, originatorPort, responder, responderPort, ipProtocol: number, sha1: sha1)
    }
}
