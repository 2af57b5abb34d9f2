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
    /// Works out the `community_id` of each `conn` that came without, when it tells its IP protocol: sensors leave it
    /// out of what they send. Logs of others, which do not tell the protocol's number, stay as they were written.
    public mutating func completeCommunityIDs(sha1: CommunityID.SHA1) {
        let conn = Records.conn
        let position = conn.communityId.position
        guard let index = tables.firstIndex(where: { $0.kindIndex == Records.index(of: ConnRecord.self) }) else {
            return
        }
        let table = tables[index]
        let (known, protocols) = (table.columns[position], table.columns[conn.ipProto.position])
        guard known.presentCount < table.rowCount, protocols.presentCount > 0 else { return }
        var complete = Column(storage: known.storage)
        for row in 0..<table.rowCount {
            if known.isPresent(row) {
                complete.pad(to: row)
                complete.append(string: known.strings[row])
            } else if protocols.isPresent(row), let ipProtocol = UInt8(exactly: protocols.numbers[row]),
                let text = communityID(table, row, ipProtocol, sha1)
            {
                complete.pad(to: row)
                complete.append(string: append(distinct: text))
            }
        }
        replace(column: position, ofTable: index, by: complete)
    }

    private func communityID(
        _ table: RecordTable, _ row: Int, _ ipProtocol: UInt8, _ sha1: CommunityID.SHA1
    ) -> String? {
        let conn = Records.conn
        let (originators, responders) = (table.columns[conn.origH.position], table.columns[conn.respH.position])
        let (from, to) = (table.columns[conn.origP.position], table.columns[conn.respP.position])
        guard originators.isPresent(row), responders.isPresent(row), from.isPresent(row), to.isPresent(row),
            let originator = IPAddress(strings[originators.strings[row]]),
            let responder = IPAddress(strings[responders.strings[row]])
        else { return nil }
        return CommunityID.text(
            originator, UInt16(truncatingIfNeeded: from.numbers[row]), responder,
            UInt16(truncatingIfNeeded: to.numbers[row]), ipProtocol: ipProtocol, sha1: sha1)
    }
}
