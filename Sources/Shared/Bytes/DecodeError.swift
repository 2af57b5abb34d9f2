/// Why decoding stopped. Malformed traffic is data: it is counted, never fatal.
public enum DecodeError: Error, Equatable, Sendable {
    /// The bytes end before the structure does. Counts are from the start of the span.
    case truncated(needed: Int, have: Int)
    /// A field holds a value that its specification forbids.
    case invalid(Field)
    /// A bound on work or memory (cited where it is declared) was reached.
    case limit(Field)

    public enum Field: UInt8, Sendable, CaseIterable {
        case version, headerLength, labelLength, length, offset, type, pointer, count, magic, encoding, order
    }
}
