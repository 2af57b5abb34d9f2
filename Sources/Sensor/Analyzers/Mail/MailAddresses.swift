internal import Shared

/// Addresses in commands and headers of mails: those of people, and those of hosts.
enum MailAddresses {
    /// What stands behind the colon of `FROM:<...>` and `TO:<...>`: in angle brackets, or up to a blank where there are
    /// none (parameters follow it, RFC 5321 §4.1.1.11). A route in front of it is passed over, as appendix C asks.
    static func inCommand(_ argument: String) -> String {
        let tail = argument.split(separator: ":", maxSplits: 1).last.map(String.init) ?? argument
        guard let open = tail.firstIndex(of: "<"), let close = tail[open...].firstIndex(of: ">") else {
            return String(tail.drop { $0 == " " }.prefix { $0 != " " })
        }
        let address = tail[tail.index(after: open)..<close]
        if address.hasPrefix("@"), let route = address.firstIndex(of: ":") {
            return String(address[address.index(after: route)...])
        }
        return String(address)
    }

    /// Elements of headers that list addresses, each once; a name in quotes keeps its commas (RFC 5322 §3.4).
    static func listed(in headers: [String], limit: Int) -> [String] {
        var found: [String] = []
        var known: Set<String> = []
        for header in headers {
            var rest = header.utf8[...]
            while !rest.isEmpty, found.count < limit {
                rest = rest.drop(while: HTTPText.isBlank)
                let end = rest.indices.dropFirst(quotedCount(rest)).first { rest[$0] == 0x2C } ?? rest.endIndex
                var element = rest[..<end]
                while let last = element.last, HTTPText.isBlank(last) { element.removeLast() }
                if let text = String(element), !text.isEmpty, known.insert(text).inserted { found.append(text) }
                rest = rest[end...].dropFirst()
            }
        }
        return found
    }

    /// Bytes of the quoted text at the beginning, quotes included.
    private static func quotedCount(_ text: Substring.UTF8View) -> Int {
        guard text.first == 0x22, let end = text.dropFirst().firstIndex(of: 0x22) else { return 0 }
        return text[...end].count
    }

    /// The host that a `Received` header tells of: the second address that stands between brackets of one kind or
    /// blanks, as Zeek takes it, for the first may be what the sender says of itself; or else the only one.
    static func host(ofReceived text: String) -> IPAddress? {
        let found = hosts(in: text, areWrapped: true, limit: 2)
        return found.count > 1 ? found[1] : found.first
    }

    /// The first address in a text.
    static func host(in text: String) -> IPAddress? { hosts(in: text, areWrapped: false, limit: 1).first }

    private static func hosts(in text: String, areWrapped: Bool, limit: Int) -> [IPAddress] {
        let bytes = Array(text.utf8)
        var found: [IPAddress] = []
        var start = 0
        while start < bytes.count, found.count < limit {
            let end = bytes[start...].firstIndex { isBreak($0) } ?? bytes.count
            let before = start > 0 ? bytes[start - 1] : nil
            let after = end < bytes.count ? bytes[end] : nil
            if !areWrapped || isPair(before, after), let address = host(bytes[start..<end]) { found.append(address) }
            start = end + 1
        }
        return found
    }

    /// RFC 5321 §4.1.3 puts a tag in front of IPv6.
    private static func host(_ word: ArraySlice<UInt8>) -> IPAddress? {
        // The longest address has 45 characters.
        guard (2...64).contains(word.count) else { return nil }
        let isTagged = word.prefix(5).elementsEqual(Array("ipv6:".utf8)) { $0 | 0x20 == $1 | 0x20 }
        let address = word.dropFirst(isTagged ? 5 : 0)
        // Most words are none, and are not worth a text.
        return address.allSatisfy(isOfAddress) ? IPAddress(address.wireText) : nil
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x2E, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private static func isBreak(_ byte: UInt8) -> Bool {
        switch byte {
        // Blanks, brackets of all kinds, and what separates words.
        case 0...0x20, 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D, 0x3C, 0x3E, 0x22, 0x27, 0x2C, 0x3B, 0x3D: true
        default: false
        }
    }

    private static func isPair(_ before: UInt8?, _ after: UInt8?) -> Bool {
        switch (before, after) {
        case (0x28, 0x29), (0x5B, 0x5D), (0x7B, 0x7D), (0x20, 0x20): true
        default: false
        }
    }
}
