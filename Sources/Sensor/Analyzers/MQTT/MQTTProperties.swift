internal import Shared

/// Properties of a PUBLISH or SUBSCRIBE packet of MQTT 5.0 (OASIS MQTT 5.0 sections 2.2.2, 3.3.2.3 and 3.8.2.1).
struct MQTTProperties {
    /// Bytes of the list, with its length before it.
    let byteCount: Int
    /// The list is whole, and all of it is what such packets may have.
    private(set) var areKnown = true
    private(set) var isEmpty = true
    /// The number that stands for a topic (section 3.3.2.3.4).
    private(set) var topicAlias: UInt16?

    private enum Identifier {
        static let topicAlias: UInt8 = 0x23
    }

    /// - Returns: nil when the list is longer than what there is.
    init?(_ bytes: RawSpan) {
        guard let (length, start) = MQTTPacket.number(bytes, at: 0), length <= bytes.byteCount - start else {
            return nil
        }
        byteCount = start + length
        isEmpty = length == 0
        let list = bytes.extracting(0..<byteCount)
        var offset = start
        // Every property takes two bytes at least.
        while offset < list.byteCount {
            guard let identifier = try? list.byte(at: offset), let end = Self.end(of: identifier, list, at: offset + 1),
                end <= list.byteCount
            else {
                areKnown = false
                return
            }
            if identifier == Identifier.topicAlias {
                topicAlias = (try? list.readBE(at: offset + 1)).flatMap { $0 == 0 ? nil : $0 }
            }
            offset = end
        }
    }

    /// Where the value of a property ends (section 2.2.2.2).
    private static func end(of identifier: UInt8, _ list: RawSpan, at offset: Int) -> Int? {
        func text(_ offset: Int) -> Int? {
            (try? list.readBE(at: offset, as: UInt16.self)).map { offset + 2 + Int($0) }
        }
        return switch identifier {
        case 0x01: offset + 1  // format of the payload
        case 0x02: offset + 4  // expiry
        case Identifier.topicAlias: offset + 2
        case 0x03, 0x08, 0x09: text(offset)  // kind of content, topic of the answer, data that it repeats
        case 0x0B: MQTTPacket.number(list, at: offset)?.1  // subscription
        case 0x26: text(offset).flatMap(text)  // a name and a value of the users' own
        default: nil
        }
    }
}
