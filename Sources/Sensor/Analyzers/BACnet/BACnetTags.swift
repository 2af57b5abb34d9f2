internal import Shared

/// Tagged values (ASHRAE 135 clause 20.2).
enum BACnetTags {
    /// A tag: number, class, and how many bytes follow.
    struct Tag {
        let number: UInt8
        let isContext: Bool
        let length: Int
        let isOpening, isClosing: Bool

        init(_ reader: inout ByteReader) throws(DecodeError) {
            let first = try reader.byte()
            number = first >> 4 == 15 ? try reader.byte() : first >> 4
            isContext = first & 8 != 0
            isOpening = isContext && first & 7 == 6
            isClosing = isContext && first & 7 == 7
            var length = Int(first & 7)
            if isOpening || isClosing {
                length = 0
            } else if length == 5 {
                length = Int(try reader.byte())
                if length == 254 { length = Int(try reader.be(UInt16.self)) }
                if length == 255 { length = Int(try reader.be(UInt32.self)) }
            } else if !isContext, number == 1 {
                length = 0  // a truth value is its own length
            }
            self.length = length
        }
    }

    /// The value of context tag `number`, nil when another stands there.
    static func context(_ number: UInt8, _ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8>? {
        var ahead = reader
        guard !ahead.isEmpty else { return nil }
        let tag = try Tag(&ahead)
        guard tag.isContext, !tag.isOpening, !tag.isClosing, tag.number == number else { return nil }
        let value = try ahead.take(tag.length)
        reader = ahead
        return value
    }

    /// The value of an application tag of type `number`.
    static func application(_ number: UInt8, _ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8> {
        let tag = try Tag(&reader)
        guard !tag.isContext, tag.number == number else { throw .invalid(.type) }
        return try reader.take(tag.length)
    }

    /// A number of up to four bytes; longer ones are not numbers that records show.
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        guard (1...4).contains(bytes.count) else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Type and number of an object: ten bits and twenty-two.
    static func object(_ bytes: ArraySlice<UInt8>) -> (type: UInt64, instance: UInt64)? {
        guard bytes.count == 4, let value = number(bytes) else { return nil }
        return (value >> 22, value & 0x3F_FFFF)
    }

    /// Text behind a byte for its character set; 0 is UTF-8.
    static func text(_ bytes: ArraySlice<UInt8>) -> String { bytes.dropFirst().prefix(textLimit).wireText }

    /// Bytes of texts that records show.
    static let textLimit = 256

    /// Class and code of an error, of which the code is told; either alone, or inside of tag 0.
    static func errorCode(_ parameters: ByteReader) throws(DecodeError) -> UInt64? {
        var reader = parameters
        if let first = reader.rest.first, first == 0x0E { try reader.skip(1) }
        _ = try application(9, &reader)
        return number(try application(9, &reader))
    }

    /// A value as records show it; nil for those made of several.
    /// - Parameter property: whose value it is; of some, the numbers of an enumeration have names.
    static func shown(_ reader: inout ByteReader, of property: UInt64) throws(DecodeError) -> String? {
        var ahead = reader
        let tag = try Tag(&ahead)
        guard !tag.isContext else { return nil }
        let isTrue = tag.number == 1 && (reader.rest.first ?? 0) & 7 == 1
        let bytes = try ahead.take(tag.length)
        reader = ahead
        switch tag.number {
        case 0: return "null"
        case 1: return isTrue ? "true" : "false"
        case 2: return number(bytes).map { "\($0)" }
        case 9:
            let names = BACnetNames.enumeration(property)
            return number(bytes).map { number in names?[number].map { "\($0)" } ?? "\(number)" }
        case 3: return number(bytes).map { "\(signed($0, bytes.count))" }
        case 4: return number(bytes).map { decimal(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
        case 5: return double(bytes).map(decimal)
        case 7: return text(bytes)
        case 12:
            guard let object = object(bytes) else { return nil }
            return "\(BACnetNames.objectType(object.type)): \(object.instance)"
        default: return nil
        }
    }

    private static func double(_ bytes: ArraySlice<UInt8>) -> Double? {
        guard bytes.count == 8 else { return nil }
        return Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// With six places, as Zeek's scripts write it.
    private static func decimal(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
        let millionths = (Double(value).magnitude * 1_000_000).rounded()
        // Past 2^53 a double has no places left to show.
        guard millionths.isFinite, millionths < 9e15 else { return "\(value)" }
        let whole = UInt64(millionths)
        let places = "\(1_000_000 + whole % 1_000_000)".dropFirst()
        return "\(value < 0 ? "-" : "")\(whole / 1_000_000).\(places)"
    }

    private static func signed(_ value: UInt64, _ byteCount: Int) -> Int64 {
        let shift = Int64(64 - 8 * byteCount)
        return (Int64(bitPattern: value) << shift) >> shift
    }
}
