#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Shared

/// What one side offers: SSH_MSG_KEXINIT, RFC 4253 §7.1.
struct SSHOffer: Equatable, Sendable {
    static let messageType: UInt8 = 20
    /// The ten name lists, in the order of the RFC, as they were sent.
    private let lists: [String]

    /// - Parameter payload: the packet's payload, message type included.
    init(decoding payload: RawSpan) throws(DecodeError) {
        var offset = 17
        var lists: [String] = []
        lists.reserveCapacity(10)
        var previous: Range<Int>?
        for _ in 0..<10 {
            let length = Int(try payload.readBE(at: offset, as: UInt32.self))
            try payload.require(length, at: offset + 4)
            let list = payload.extracting((offset + 4)..<(offset + 4 + length))
            // Mostly the same is offered for both directions.
            if let previous, Self.areSame(list, payload.extracting(previous)), let last = lists.last {
                lists.append(last)
            } else {
                lists.append(list.text())
            }
            previous = (offset + 4)..<(offset + 4 + length)
            offset += 4 + length
        }
        self.lists = lists
    }

    private static func areSame(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let first = left.baseAddress, let second = right.baseAddress else { return true }
                return memcmp(first, second, left.count) == 0
            }
        }
    }

    var keyExchange: String { lists[0] }
    var hostKey: String { lists[1] }
    func cipher(toServer: Bool) -> String { lists[toServer ? 2 : 3] }
    func mac(toServer: Bool) -> String { lists[toServer ? 4 : 5] }
    func compression(toServer: Bool) -> String { lists[toServer ? 6 : 7] }

    /// HASSH (method of 2018 by B. Reardon, A. Khalili and others, version 1.1): MD5 of the algorithms that this
    /// side offers for what it sends.
    func hassh(isClient: Bool) -> String? {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        text.append(contentsOf: keyExchange.utf8)
        text.append(0x3B)
        text.append(contentsOf: cipher(toServer: isClient).utf8)
        text.append(0x3B)
        text.append(contentsOf: mac(toServer: isClient).utf8)
        text.append(0x3B)
        text.append(contentsOf: compression(toServer: isClient).utf8)
        return Digest.md5.text(of: text)
    }
}

/// What client and server agree upon: the client's first choice that the server offers too, RFC 4253 §7.1.
struct SSHAgreement: Equatable, Sendable {
    let keyExchange, hostKey, cipher, mac, compression: String
    /// Sizes of packets tell nothing then.
    let isCompressed: Bool
    /// Group exchange (RFC 4419) numbers its messages differently.
    let isGroupExchange: Bool

    init(client: SSHOffer, server: SSHOffer) {
        keyExchange = Self.choice(client.keyExchange, server.keyExchange)
        hostKey = Self.choice(client.hostKey, server.hostKey)
        cipher = Self.both { (client.cipher(toServer: $0), server.cipher(toServer: $0)) }
        mac = Self.both { (client.mac(toServer: $0), server.mac(toServer: $0)) }
        compression = Self.both { (client.compression(toServer: $0), server.compression(toServer: $0)) }
        isCompressed = compression.contains(ascii: "zlib")
        isGroupExchange = keyExchange.contains(ascii: "group-exchange")
    }

    private static func choice(_ client: String, _ server: String) -> String {
        var (client, server) = (client, server)
        return client.withUTF8 { client in
            server.withUTF8 { server in
                var start = 0
                while start < client.count {
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
    private static func both(_ offers: (Bool) -> (String, String)) -> String {
        let (there, back) = (offers(true), offers(false))
        let toServer = choice(there.0, there.1)
        if there == back { return toServer }
        let toClient = choice(back.0, back.1)
        return toServer == toClient ? toServer : "To server: \(toServer), to client: \(toClient)"
    }
}
