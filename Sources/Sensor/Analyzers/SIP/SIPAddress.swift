internal import Shared

/// Addresses of SIP as records show them.
enum SIPAddress {
    /// The text of a value that has addresses, without the passwords in them: `sip:user:password@host` (RFC 3261
    /// section 19.1.1, which warns of them).
    static func text(_ value: RawSpan) -> String {
        var (text, start, offset) = ("", 0, 0)
        while let colon = value.firstIndex(of: 0x3A, from: offset) {
            guard isScheme(value, before: colon) else {
                offset = colon + 1
                continue
            }
            let (password, end) = password(value, from: colon + 1)
            if let password {
                text += value.extracting(start..<password.lowerBound).text() + "<hidden>"
                start = password.upperBound
            }
            offset = end
        }
        return text + value.extracting(droppingFirst: start).text()
    }

    /// Whether `sip` or `sips` is in front of a colon.
    private static func isScheme(_ value: RawSpan, before colon: Int) -> Bool {
        for name in ["sip", "sips"] as [StaticString] where colon >= name.utf8CodeUnitCount {
            let start = colon - name.utf8CodeUnitCount
            guard HTTPText.equals(value.extracting(start..<colon), name) else { continue }
            guard start > 0, let before = try? value.byte(at: start - 1) else { return true }
            return !(0x30...0x39).contains(before) && !(0x61...0x7A).contains(before | 0x20)
        }
        return false
    }

    /// The password of the address whose user begins here, and how far was read. A number in front of a parameter is
    /// a port.
    private static func password(_ value: RawSpan, from start: Int) -> (Range<Int>?, end: Int) {
        var (colon, isPort): (Int?, Bool?) = (nil, nil)
        var offset = start
        while let byte = try? value.byte(at: offset) {
            switch byte {
            case 0x40: return (isPort == true ? nil : colon.map { ($0 + 1)..<offset }, offset + 1)
            case 0x3A where colon == nil: colon = offset
            case 0x3B, 0x3F:
                if let colon, isPort == nil { isPort = isNumber(value.extracting((colon + 1)..<offset)) }
            // An address of IPv6 has colons, and is no user.
            case 0x20, 0x09, 0x22, 0x3C, 0x3E, 0x5B: return (nil, offset + 1)
            default: break
            }
            offset += 1
        }
        return (nil, offset)
    }

    private static func isNumber(_ text: RawSpan) -> Bool {
        for index in 0..<text.byteCount {
            guard let byte = try? text.byte(at: index), (0x30...0x39).contains(byte) else { return false }
        }
        return text.byteCount > 0
    }
}
