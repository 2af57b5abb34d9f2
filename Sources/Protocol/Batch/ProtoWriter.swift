/// Writes the protobuf wire format (https://protobuf.dev/programming-guides/encoding) into one buffer, front to back.
///
/// The memory is its own, so that a number costs a comparison and a store.
struct ProtoWriter: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = Swift.max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// Lends what has been written, which goes with the writer: a pointer handed out could outlive its last use.
    borrowing func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Makes room for `more` bytes.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    private mutating func grow(_ more: Int) {
        capacity = Swift.max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            base[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest >>= 7
        }
        base[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    mutating func byte(_ value: UInt8) {
        reserve(1)
        base[count] = value
        count += 1
    }

    mutating func number(_ field: Int, _ value: UInt64) {
        varint(UInt64(field << 3))
        varint(value)
    }

    mutating func text(_ field: Int, _ value: String) {
        var value = value
        value.withUTF8 { text(field, UnsafeRawBufferPointer($0)) }
    }

    mutating func text(_ field: Int, _ utf8: UnsafeRawBufferPointer) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(utf8.count))
        reserve(utf8.count)
        UnsafeMutableRawBufferPointer(start: base + count, count: utf8.count).copyMemory(from: utf8)
        count += utf8.count
    }

    /// A field with a length, whose content `body` writes.
    ///
    /// The length is filled in afterwards, as a varint of four bytes: longer than need be, which every reader takes and
    /// zstd makes up for. It holds 2^28, above ``BatchLimits/contentBytes``.
    mutating func delimited(_ field: Int, _ body: (inout ProtoWriter) throws(BatchError) -> Void) throws(BatchError) {
        varint(UInt64(field << 3 | 2))
        let start = count
        reserve(4)
        count += 4
        try body(&self)
        let length = count - start - 4
        guard length < 1 << 28 else {
            throw .limit(what: "content bytes", value: length, limit: BatchLimits.contentBytes)
        }
        for index in 0..<4 {
            base[start + index] = UInt8(length >> (index * 7) & 0x7F) | (index < 3 ? 0x80 : 0)
        }
    }

    @inline(__always)
    mutating func fixed64(_ value: UInt64) {
        reserve(8)
        UnsafeMutableRawPointer(base + count).storeBytes(of: value.littleEndian, as: UInt64.self)
        count += 8
    }

    @inline(__always)
    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }
}
