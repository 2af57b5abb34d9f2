import Shared

/// Community ID version 1 (https://github.com/corelight/community-id-spec): a hash of the flow that tools share.
enum CommunityID {
    /// - Parameter seed: the specification's default is 0.
    static func text(_ flow: Flow, seed: UInt16 = 0) -> String? {
        text(
            flow.originatorAddress, flow.originatorPort, flow.responderAddress, flow.responderPort,
            ipProtocol: flow.key.ipProtocol,
            isOneWay: (flow.transport == .icmp || flow.transport == .icmp6) && !isPair(flow), seed: seed)
    }

    private static func isPair(_ flow: Flow) -> Bool {
        ICMPPairs.counterpart(of: flow.originatorPort, isV6: flow.transport == .icmp6) == flow.responderPort
    }

    static func text(
        _ originator: IPAddress, _ originatorPort: UInt16, _ responder: IPAddress, _ responderPort: UInt16,
        ipProtocol: UInt8, isOneWay: Bool, seed: UInt16 = 0
    ) -> String? {
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
        return digest(bytes).map { "1:" + base64($0) }
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

    /// SHA-1, as the specification asks for; here it protects nothing.
    private static func digest(_ bytes: [UInt8]) -> [UInt8]? {
        Digest.sha1.bytes(of: bytes)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let left = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if left > 2 { group |= UInt32(bytes[index + 2]) }
            for position in 0..<4 {
                let digit = Int(group >> UInt32(18 - 6 * position) & 63)
                out.append(position <= left ? digits[digit] : 0x3D)
            }
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }
}
