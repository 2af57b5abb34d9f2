internal import Shared

/// What one side offers: SSH_MSG_KEXINIT, RFC 4253 §7.1.
struct SSHOffer: Sendable {
    static let messageType: UInt8 = 20
    /// Name lists of the message, in the order of the RFC.
    private static let listCount = 10
    /// Bytes of one list that are read; the longest of real ones have under a thousand.
    private static let listLimit = 4096

    /// The name lists one behind the other, as they are shown, and where each ends: a String for each would be made for
    /// nothing, for most are only looked at.
    private let text: [UInt8]
    private var ends: [10 of Int] = .init(repeating: 0)

    /// - Parameter payload: the packet's payload, message type included.
    init(decoding payload: RawSpan) throws(DecodeError) {
        var offset = 17
        var text: [UInt8] = []
        text.reserveCapacity(Swift.min(payload.byteCount, Self.listLimit))
        for index in 0..<Self.listCount {
            let length = Int(try payload.readBE(at: offset, as: UInt32.self))
            try payload.require(length, at: offset + 4)
            let list = payload.extracting((offset + 4)..<(offset + 4 + length)).extracting(first: Self.listLimit)
            list.withUnsafeBytes { bytes in
                if WireText.isPrintable(bytes) {
                    text.append(contentsOf: bytes)
                } else {
                    text.append(contentsOf: WireText.string(decoding: bytes).utf8)
                }
            }
            ends[index] = text.count
            offset += 4 + length
        }
        self.text = text
    }

    fileprivate static let keyExchange = 0
    fileprivate static let hostKey = 1
    fileprivate static func cipher(toServer: Bool) -> Int { toServer ? 2 : 3 }
    fileprivate static func mac(toServer: Bool) -> Int { toServer ? 4 : 5 }
    fileprivate static func compression(toServer: Bool) -> Int { toServer ? 6 : 7 }

    var byteCount: Int { text.count }
    var hostKey: String { withList(Self.hostKey) { String(decoding: $0, as: UTF8.self) } }

    /// Lends one of the lists.
    fileprivate func withList<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let start = index > 0 ? ends[index - 1] : 0
        let end = ends[index]
        return text.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    /// HASSH (method of 2018 by B. Reardon, A. Khalili and others, version 1.1): MD5 of the algorithms that this
    /// side offers for what it sends.
    func hassh(isClient: Bool) -> String? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count + 4)
        withList(Self.keyExchange) { out.append(contentsOf: $0) }
        out.append(0x3B)
        withList(Self.cipher(toServer: isClient)) { out.append(contentsOf: $0) }
        out.append(0x3B)
        withList(Self.mac(toServer: isClient)) { out.append(contentsOf: $0) }
        out.append(0x3B)
        withList(Self.compression(toServer: isClient)) { out.append(contentsOf: $0) }
        return Digest.md5.text(of: out)
    }
}

/// What client and server agree upon: the client's first choice that the server offers too, RFC 4253 §7.1.
struct SSHAgreement: Equatable, Sendable {
    let keyExchange, hostKey, cipher, mac, compression: String
    /// Sizes of packets tell nothing then.
    let isCompressed: Bool
    /// Group exchange (RFC 4419) numbers its messages differently.
    let isGroupExchange: Bool
    /// Whether the numbers 30 and 31 tell client and server apart: with RSA (RFC 4432) the server sends the first, and
    /// with GSS-API (RFC 4462) both send the second.
    let tellsRoles: Bool

    init(client: SSHOffer, server: SSHOffer) {
        func choice(_ list: Int) -> String { Self.choice(client, server, list) }
        keyExchange = choice(SSHOffer.keyExchange)
        hostKey = choice(SSHOffer.hostKey)
        cipher = Self.both(choice(SSHOffer.cipher(toServer: true)), choice(SSHOffer.cipher(toServer: false)))
        mac = Self.both(choice(SSHOffer.mac(toServer: true)), choice(SSHOffer.mac(toServer: false)))
        compression = Self.both(
            choice(SSHOffer.compression(toServer: true)), choice(SSHOffer.compression(toServer: false)))
        isCompressed = compression.contains(ascii: "zlib")
        isGroupExchange = keyExchange.contains(ascii: "group-exchange")
        tellsRoles = !keyExchange.hasPrefix("gss-") && !keyExchange.hasPrefix("rsa")
    }

    /// Names of one list that are looked for in the other's: both lists together would otherwise take their product.
    private static let choiceLimit = 128

    private static func choice(_ client: SSHOffer, _ server: SSHOffer, _ list: Int) -> String {
        client.withList(list) { client in
            server.withList(list) { server in
                var start = 0
                for _ in 0..<choiceLimit where start < client.count {
                    let end = nextComma(client, from: start)
                    let name = UnsafeBufferPointer(rebasing: client[start..<end])
                    if !name.isEmpty, contains(server, name) { return String(decoding: name, as: UTF8.self) }
                    start = end + 1
                }
                return "Algorithm negotiation failed"
            }
        }
    }

    private static func contains(_ list: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 0
        while start < list.count {
            let end = nextComma(list, from: start)
            if end - start == name.count, list[start..<end].elementsEqual(name) { return true }
            start = end + 1
        }
        return false
    }

    /// Where the name that begins at `start` ends.
    private static func nextComma(_ list: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < list.count, list[index] != 0x2C { index += 1 }
        return index
    }

    /// One name where both directions agree, else both in Zeek's words.
    private static func both(_ toServer: String, _ toClient: String) -> String {
        toServer == toClient ? toServer : "To server: \(toServer), to client: \(toClient)"
    }
}
