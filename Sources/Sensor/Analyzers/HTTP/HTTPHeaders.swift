internal import Shared

/// What one message's header section says, as far as records and framing need it (RFC 9110).
struct HTTPHeaders: Sendable {
    var host, userAgent, referrer, origin: String?
    var contentLength: UInt64?
    var isChunked = false
    /// The content is packed, or what is sent of it is (RFC 9112 §7.2).
    var isEncoded = false
    /// It is packed as gzip packs it.
    var isGzip = false
    /// The part of a file that the body is.
    var contentRange: HTTPContentRange?
    var names = ContentNames()
    var upgrade: String?
    var username: String?
    var hasPassword = false
    /// `NAME -> value` of headers that name a proxy.
    var proxied: [String] = []
    /// Credentials of NTLM, Negotiate (RFC 4559) or Kerberos, out of base64.
    var securityToken: [UInt8]?
    /// What is said of a WebSocket.
    var webSocket: WebSocketOffer?

    /// The part of a file that the body is, as it lies in the file; a coded one belongs to the coded file.
    var part: HTTPContentRange? { isEncoded || names.boundary != nil ? nil : contentRange }

    /// Bytes of the texts.
    var weight: Int {
        host.weight + userAgent.weight + referrer.weight + origin.weight + names.filename.weight + names.boundary.weight
            + upgrade.weight + username.weight + (proxied.isEmpty ? 0 : proxied.weight) + (securityToken?.count ?? 0)
            + (webSocket.map { $0.protocols.weight + $0.extensions.weight } ?? 0)
    }

    /// Proxy headers kept of one request.
    static let proxiedLimit = 16

    /// How the body of a message that may have one is framed (RFC 9112 §6.3); nil where there is none.
    func framing(isRequest: Bool) -> HTTPStream.State? {
        if isChunked { return .chunkSize }
        if let contentLength { return contentLength > 0 ? .content(contentLength) : nil }
        return isRequest ? nil : .untilClose
    }

    /// Takes one line `name: value`.
    mutating func take(_ line: RawSpan) {
        guard let colon = line.firstIndex(of: 0x3A), colon > 0 else { return }
        take(
            name: line.extracting(HTTPText.core(line, 0..<colon)),
            value: line.extracting(HTTPText.core(line, (colon + 1)..<line.byteCount)))
    }

    /// Takes a field.
    mutating func take(name: RawSpan, value: RawSpan) {
        guard let first = try? name.byte(at: 0) else { return }
        switch first | 0x20 {
        case 0x61: takeAuthorization(name, value)  // a
        case 0x63: takeContent(name, value)  // c
        case 0x68: if HTTPText.equals(name, "host") { host = HTTPAddress.text(authority: value) }
        case 0x6F: if HTTPText.equals(name, "origin") { origin = HTTPAddress.text(value) }
        case 0x70: takeProxy(name, value)  // p
        case 0x72: if HTTPText.equals(name, "referer") { referrer = HTTPAddress.text(value) }
        case 0x73:
            if HTTPText.hasPrefix(name, "sec-websocket-") { webSocket = webSocketOffer(name, value) }
        case 0x74:
            if HTTPText.equals(name, "transfer-encoding") {
                isChunked = HTTPText.contains(value, "chunked")
                takeCoding(value)
            }
        case 0x75:
            if HTTPText.equals(name, "user-agent") { userAgent = value.text() }
            if HTTPText.equals(name, "upgrade") { upgrade = value.text().lowercased() }
        case 0x77: if HTTPText.equals(name, "www-authenticate") { takeCredentials(value) }
        default: break
        }
        switch first | 0x20 {
        case 0x66, 0x78, 0x63, 0x76, 0x70: takeForwarding(name, value)  // first letters of ``forwarding``
        default: break
        }
    }

    private func webSocketOffer(_ name: RawSpan, _ value: RawSpan) -> WebSocketOffer {
        var offer = webSocket ?? WebSocketOffer()
        offer.take(name, value)
        return offer
    }

    private mutating func takeContent(_ name: RawSpan, _ value: RawSpan) {
        if HTTPText.equals(name, "content-length") {
            contentLength = HTTPText.length(value)
        } else if HTTPText.equals(name, "content-range") {
            contentRange = HTTPContentRange(value)
        } else if HTTPText.equals(name, "content-encoding") {
            takeCoding(value)
        } else if HTTPText.equals(name, "content-disposition") {
            names.take(disposition: value)
        } else if HTTPText.equals(name, "content-type") {
            names.take(type: value)
        }
    }

    private mutating func takeCoding(_ value: RawSpan) {
        isGzip = isGzip || HTTPText.contains(value, "gzip")
        isEncoded = isEncoded || isGzip || HTTPText.contains(value, "deflate")
    }

    private mutating func takeAuthorization(_ name: RawSpan, _ value: RawSpan) {
        if HTTPText.equals(name, "authorization") { takeLogin(value) }
    }

    private mutating func takeLogin(_ value: RawSpan) {
        if HTTPText.hasPrefix(value, "basic ") {
            takeBasic(value)
        } else if HTTPText.hasPrefix(value, "digest ") {
            username = HTTPParameter.digestUser(in: value.extracting(droppingFirst: 7)) ?? username
        } else {
            takeCredentials(value)
        }
    }

    private mutating func takeProxy(_ name: RawSpan, _ value: RawSpan) {
        if HTTPText.equals(name, "proxy-authorization") {
            takeLogin(value)
        } else if HTTPText.equals(name, "proxy-authenticate") {
            takeCredentials(value)
        }
    }

    /// User and password of basic authentication (RFC 7617 §2): the user ends at the first colon. The password is
    /// not kept. What has no colon is no user: interfaces of programs put their secret there alone.
    private mutating func takeBasic(_ value: RawSpan) {
        guard let decoded = Base64.decode(value.extracting(HTTPText.core(value, 6..<value.byteCount))),
            decoded.contains(0x3A)
        else { return }
        let user = decoded.prefix { $0 != 0x3A }
        username = user.wireText
        hasPassword = decoded.count > user.count + 1
    }

    private mutating func takeCredentials(_ value: RawSpan) {
        // Remote management has a scheme of its own for Kerberos (MS-WSMV section 2.2.9.1.2.1).
        for scheme in ["ntlm ", "negotiate ", "kerberos "] as [StaticString] where HTTPText.hasPrefix(value, scheme) {
            securityToken = Base64.decode(
                value.extracting(HTTPText.core(value, scheme.utf8CodeUnitCount..<value.byteCount)))
        }
    }

    private mutating func takeForwarding(_ name: RawSpan, _ value: RawSpan) {
        for header in Self.forwarding where HTTPText.equals(name, header) && proxied.count < Self.proxiedLimit {
            proxied.append("\(name.text().uppercased()) -> \(value.text())")
        }
    }

    private static let forwarding: [StaticString] = [
        "forwarded", "x-forwarded-for", "x-forwarded-from", "client-ip", "via", "xroxy-connection",
        "proxy-connection",
    ]
}
