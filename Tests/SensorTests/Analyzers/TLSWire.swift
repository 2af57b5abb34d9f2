/// Records and messages of TLS as RFC 5246 and RFC 8446 lay them out.
enum TLSWire {
    static func big(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
    }

    /// Bytes with their number before them.
    static func vector(_ content: [UInt8], lengthBytes: Int) -> [UInt8] {
        big(content.count, bytes: lengthBytes) + content
    }

    static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [type, 3, 3] + vector(content, lengthBytes: 2)
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + vector(body, lengthBytes: 3) }
    static func fieldOf(_ type: Int, _ body: [UInt8]) -> [UInt8] { big(type, bytes: 2) + vector(body, lengthBytes: 2) }

    /// - Parameter cookie: of DTLS, which has one in its hello.
    static func clientHello(
        version: Int = 0x0303, session: [UInt8] = [], cookie: [UInt8]? = nil, _ extensions: [UInt8]...
    ) -> [UInt8] {
        let random = [UInt8](repeating: 0x11, count: 32)
        return message(
            1,
            big(version, bytes: 2) + random + vector(session, lengthBytes: 1)
                + (cookie.map { vector($0, lengthBytes: 1) } ?? []) + vector([0x13, 1, 0, 0x2F], lengthBytes: 2)
                + [1, 0] + vector(extensions.flatMap { $0 }, lengthBytes: 2))
    }

    static func serverHello(
        version: Int = 0x0303, cipher: Int = 0x2F, asksAgain: Bool = false, _ extensions: [UInt8]...
    ) -> [UInt8] {
        let random = asksAgain ? retryRandom : [UInt8](repeating: 0x22, count: 32)
        return message(
            2,
            big(version, bytes: 2) + random + [0] + big(cipher, bytes: 2) + [0]
                + vector(extensions.flatMap { $0 }, lengthBytes: 2))
    }

    static func certificates(_ chain: [UInt8]...) -> [UInt8] {
        message(11, vector(chain.flatMap { vector($0, lengthBytes: 3) }, lengthBytes: 3))
    }

    /// The random value of a HelloRetryRequest (RFC 8446 section 4.1.3).
    static let retryRandom = Wire.hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    static let changeCipher = record(20, [1])
    static let finished = record(22, [UInt8](repeating: 0x5A, count: 40))
    static let data = record(23, [UInt8](repeating: 0xAA, count: 50))

    static func versionChosen(_ version: Int) -> [UInt8] { fieldOf(43, big(version, bytes: 2)) }
    static func share(_ group: Int, type: Int = 51) -> [UInt8] {
        fieldOf(type, big(group, bytes: 2) + vector([1, 2, 3], lengthBytes: 2))
    }
    static let groupAsked = fieldOf(51, [0, 23])
}
