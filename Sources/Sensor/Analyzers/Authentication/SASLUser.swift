internal import Shared

/// Finds the user in what a client sends for a method of authentication (SASL, RFC 4422). Secrets are passed over.
struct SASLUser: Sendable {
    /// As SASL names it, in capitals.
    let mechanism: String
    private(set) var user: String?
    private var responseCount = 0
    /// A response was not seen: what comes next may be the password where a name was due.
    private var isLost = false

    /// Bytes of a user's name that are kept.
    private static let limit = 256

    init(mechanism: String) { self.mechanism = String(mechanism.prefix(32)).uppercased() }

    /// Notes that something of the client was lost.
    mutating func lose() { isLost = true }

    /// Takes the next response in base64, as mail protocols carry it.
    mutating func take(base64 line: RawSpan) {
        guard let bytes = Base64.decode(line.extracting(HTTPText.core(line, 0..<line.byteCount))) else {
            return lose()
        }
        take(bytes[...])
    }

    /// Takes the client's next response.
    mutating func take(_ response: ArraySlice<UInt8>) {
        responseCount += 1
        guard user == nil, !isLost else { return }
        switch mechanism {
        // RFC 4616: the identity to act as, the user and the password, divided by zeros.
        case "PLAIN":
            let parts = response.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
            // Who leaves out the first has the password in the user's place; in a password, there is no zero.
            let isWhole = parts.count == 3 && (parts[0].isEmpty || !parts[2].isEmpty)
            user = isWhole ? Self.name(parts[1]) : nil
        // draft-murchison-sasl-login: the user and then the password.
        case "LOGIN": if responseCount == 1 { user = Self.name(response) }
        // RFC 2195: the user, a blank and a digest.
        case "CRAM-MD5": user = Self.name(response.lastIndex(of: 0x20).map { response[..<$0] })
        case "EXTERNAL": user = Self.name(response)
        case "XOAUTH2": user = Self.value(of: "user=", in: response, end: 1)
        // RFC 7628: a header of GS2, with the user behind a=.
        case "OAUTHBEARER": user = Self.value(of: "a=", in: response, end: 0x2C)
        case "DIGEST-MD5": user = Self.value(of: "username=\"", in: response, end: 0x22)
        // RFC 5802 section 7: the user behind n= of the first message.
        case _ where mechanism.hasPrefix("SCRAM-"): user = Self.value(of: "n=", in: response, end: 0x2C)
        default: break
        }
    }

    /// No name has a zero: what has one is a response to another method, with the password behind it.
    private static func name(_ bytes: ArraySlice<UInt8>?) -> String? {
        bytes.flatMap { $0.isEmpty || $0.contains(0) ? nil : $0.prefix(limit).wireText }
    }

    /// What stands behind `key`, at the beginning or behind a comma or a blank, until `end`.
    private static func value(of key: StaticString, in bytes: ArraySlice<UInt8>, end: UInt8) -> String? {
        let count = key.utf8CodeUnitCount
        // A first message is short; what is behind would be long to search.
        let bytes = bytes.prefix(1024)
        var start = bytes.startIndex
        while start + count <= bytes.endIndex {
            let isBegin = start == bytes.startIndex || bytes[start - 1] == 0x2C || bytes[start - 1] == 0x20
            let isKey = key.withUTF8Buffer { bytes[start..<(start + count)].elementsEqual($0) }
            if isBegin, isKey { return name(bytes[(start + count)...].prefix { $0 != end }) }
            start += 1
        }
        return nil
    }
}
