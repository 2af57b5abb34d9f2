internal import Shared

/// A control packet of MQTT (OASIS MQTT 3.1.1 section 2), and what finds one in the middle of a session.
enum MQTTPacket {
    /// Packets of one segment that are looked at.
    private static let walkLimit = 64

    private enum Kind {
        static let connect: UInt8 = 1
        static let publish: UInt8 = 3
        static let subscribe: UInt8 = 8
        static let unsubscribe: UInt8 = 10
    }

    /// Remaining length (section 2.2.3) and where what it counts begins.
    static func size(_ bytes: RawSpan) -> (length: Int, start: Int)? { number(bytes, at: 1) }

    /// A number of one to four bytes, each of which tells whether another follows; and where it ends.
    static func number(_ bytes: RawSpan, at start: Int) -> (Int, Int)? {
        var value = 0
        for index in 0..<4 {
            guard let byte = try? bytes.byte(at: start + index) else { return nil }
            value |= Int(byte & 0x7F) << (7 * index)
            if byte & 0x80 == 0 { return (value, start + index + 1) }
        }
        return nil
    }

    /// Whether the client sends such a packet, or the server; nil when either side may (section 2.2.1).
    static func isClients(_ first: UInt8) -> Bool? {
        switch first >> 4 {
        case 1, 8, 10, 12: true
        case 2, 9, 11, 13: false
        default: nil
        }
    }

    /// Whether the segment is one packet that is no message.
    static func isOther(filling segment: RawSpan) -> Bool {
        guard let (length, start) = size(segment), start + length == segment.byteCount else { return false }
        return isOther(segment, start, length)
    }

    /// Whether the middle of a session begins here: packets one behind the other, messages or subscriptions among
    /// them, that fill the segment. Behind one of those, the last may go on in the next segment.
    static func begins(_ segment: RawSpan) -> Bool {
        var (offset, telling) = (0, 0)
        for _ in 0..<walkLimit where offset < segment.byteCount {
            let rest = segment.extracting(droppingFirst: offset)
            guard let (length, start) = size(rest), length <= rest.byteCount - start else {
                return telling > 0 && goesOn(rest, isBehindSeveral: telling > 1)
            }
            let packet = rest.extracting(0..<(start + length))
            if isPublication(packet, start) || isSubscription(packet, start) {
                telling += 1
            } else if !isOther(packet, start, length) {
                return false
            }
            offset += start + length
        }
        return telling > 0
    }

    /// Whether a packet begins here whose end has not come: behind one other packet alone it must be seen to be a
    /// message.
    private static func goesOn(_ rest: RawSpan, isBehindSeveral: Bool) -> Bool {
        guard let first = try? rest.byte(at: 0) else { return false }
        guard first >> 4 == Kind.publish ? first >> 1 & 3 != 3 : hasFixedFlags(first) else { return false }
        guard let (length, start) = size(rest) else { return isBehindSeveral && rest.byteCount < 5 }
        guard first >> 4 == Kind.publish, let count = try? Int(rest.readBE(at: start, as: UInt16.self)) else {
            return isBehindSeveral
        }
        let topic = rest.extracting(droppingFirst: start + 2)
        return count + 2 <= length && isTopic(topic.extracting(0..<Swift.min(count, topic.byteCount)))
    }

    /// Flags that only messages may choose (section 2.2.2).
    private static func hasFixedFlags(_ first: UInt8) -> Bool {
        let isMarked = first >> 4 == 6 || first >> 4 == Kind.subscribe || first >> 4 == Kind.unsubscribe
        return first >> 4 != 0 && first & 15 == (isMarked ? 2 : 0)
    }

    /// A whole packet that is no message and no login, of a length that its kind may have.
    private static func isOther(_ packet: RawSpan, _ start: Int, _ length: Int) -> Bool {
        guard let first = try? packet.byte(at: 0), hasFixedFlags(first) else { return false }
        switch first >> 4 {
        case Kind.connect, Kind.publish: return false
        case 12, 13: return length == 0
        case 2: return length >= 2 && (try? packet.byte(at: start)).map { $0 <= 1 } == true
        case 14, 15: return true
        // The others have the number of what they are about.
        default: return length >= 2 && (try? packet.readBE(at: start, as: UInt16.self)) != 0
        }
    }

    /// A whole PUBLISH packet (section 3.3) with a printable topic; in version 5.0 an alias may stand for that.
    private static func isPublication(_ packet: RawSpan, _ start: Int) -> Bool {
        guard let first = try? packet.byte(at: 0), first >> 4 == Kind.publish, first >> 1 & 3 != 3,
            let count = try? Int(packet.readBE(at: start, as: UInt16.self)), count <= packet.byteCount - start - 2
        else { return false }
        var end = start + 2 + count
        if first >> 1 & 3 > 0 {
            guard let id = try? packet.readBE(at: end, as: UInt16.self), id != 0 else { return false }
            end += 2
        }
        if count == 0 {
            let properties = MQTTProperties(packet.extracting(droppingFirst: end))
            return properties?.areKnown == true && properties?.topicAlias != nil
        }
        return count >= 3 && isTopic(packet.extracting((start + 2)..<(start + 2 + count)))
    }

    private static func isTopic(_ bytes: RawSpan) -> Bool {
        bytes.withUnsafeBytes { topic in
            // No spaces, and none of the signs that only subscriptions have.
            topic.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x23 && $0 != 0x2B }
        }
    }

    /// A whole SUBSCRIBE packet (section 3.8; 5.0 section 3.8) with printable filters.
    private static func isSubscription(_ packet: RawSpan, _ start: Int) -> Bool {
        guard (try? packet.byte(at: 0)) == 0x82, let id = try? packet.readBE(at: start, as: UInt16.self), id != 0
        else { return false }
        return isVersion5(packet.extracting(droppingFirst: start + 2), isEnd: false, isASCII: true) != nil
    }

    /// Whether what stands behind the number of a subscription, or of its end, are filters with the properties of
    /// version 5.0 before them; nil when they are no filters either way.
    /// - Parameter isASCII: other letters, and spaces, are not expected.
    static func isVersion5(_ filters: RawSpan, isEnd: Bool, isASCII: Bool) -> Bool? {
        if areFilters(filters, isEnd: isEnd, qualities: 0x03, isASCII: isASCII) { return false }
        guard let properties = MQTTProperties(filters), properties.areKnown else { return nil }
        let rest = filters.extracting(droppingFirst: properties.byteCount)
        // Options of 5.0 (section 3.8.3.1): the two highest bits are reserved.
        return areFilters(rest, isEnd: isEnd, qualities: 0x3F, isASCII: isASCII) ? true : nil
    }

    /// Filters up to the end, each but for those of an end with the quality that is asked for.
    private static func areFilters(_ bytes: RawSpan, isEnd: Bool, qualities: UInt8, isASCII: Bool) -> Bool {
        var offset = 0
        repeat {
            guard let count = try? Int(bytes.readBE(at: offset, as: UInt16.self)), count > 0,
                count <= bytes.byteCount - offset - 2
            else { return false }
            let isText = bytes.extracting((offset + 2)..<(offset + 2 + count)).withUnsafeBytes { filter in
                filter.allSatisfy { isASCII ? (0x21..<0x7F).contains($0) : $0 >= 0x20 && $0 != 0x7F }
            }
            guard isText else { return false }
            offset += 2 + count
            if isEnd { continue }
            guard let quality = try? bytes.byte(at: offset), quality & ~qualities == 0, quality & 3 <= 2 else {
                return false
            }
            offset += 1
        } while offset < bytes.byteCount
        return true
    }
}
