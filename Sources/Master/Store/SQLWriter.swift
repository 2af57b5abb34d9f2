import Shared

/// Bytes in PostgreSQL's binary formats: big-endian numbers, values behind their length.
struct SQLWriter {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    @inline(__always)
    mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// UTF-8, without the NUL that PostgreSQL's `text` cannot hold (written as `\x00`, as Zeek does).
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(0) {
                for byte in utf8 {
                    if byte == 0 { bytes.append(contentsOf: [0x5C, 0x78, 0x30, 0x30]) } else { bytes.append(byte) }
                }
            } else {
                bytes.append(contentsOf: utf8)
            }
        }
    }

    /// Writes what `body` appends behind its length.
    mutating func sized(_ body: (inout SQLWriter) -> Void) {
        let start = bytes.count
        append(Int32(0))
        body(&self)
        let count = Int32(bytes.count - start - 4).bigEndian
        withUnsafeBytes(of: count) { for index in 0..<4 { bytes[start + index] = $0[index] } }
    }

    /// A value's bytes without their length. `.null` has none.
    mutating func append(_ value: SQLValue) {
        switch value {
        case .null: break
        case .bool(let value): append(UInt8(value ? 1 : 0))
        case .int(let value): append(value)
        case .double(let value): append(value.bitPattern)
        case .text(let value): append(text: value)
        case .bytes(let value): append(raw: value)
        case .time(let value): append(SQLTime.microseconds(value))
        case .texts(let values): array(SQLType.text, values) { $0.append(text: $1) }
        case .optionalTexts(let values): append(optionalTexts: values)
        case .ints(let values): array(SQLType.int8, values) { $0.append($1) }
        case .doubles(let values): array(SQLType.float8, values) { $0.append($1.bitPattern) }
        case .byteStrings(let values): array(SQLType.bytea, values) { $0.append(raw: $1) }
        case .times(let values): array(SQLType.timestamptz, values) { $0.append(SQLTime.microseconds($1)) }
        }
    }

    /// A one-dimensional array (array_send): dimensions, has-null flag, element type, length, lower bound, elements.
    mutating func array<T>(_ type: UInt32, _ values: some Collection<T>, _ element: (inout SQLWriter, T) -> Void) {
        beginArray(type, count: values.count, hasNull: false)
        for value in values { sized { element(&$0, value) } }
    }

    private mutating func append(optionalTexts values: [String?]) {
        beginArray(SQLType.text, count: values.count, hasNull: values.contains(nil))
        for value in values {
            if let value { sized { $0.append(text: value) } } else { append(Int32(-1)) }
        }
    }

    mutating func beginArray(_ type: UInt32, count: Int, hasNull: Bool) {
        append(Int32(count == 0 ? 0 : 1))
        append(Int32(hasNull ? 1 : 0))
        append(type)
        if count > 0 {
            append(Int32(count))
            append(Int32(1))
        }
    }

    /// `inet` (network.c, network_send): family, prefix length, no CIDR, byte count, address.
    mutating func append(address: IPAddress) {
        if address.isIPv4 {
            append(raw: [2, 32, 0, 4])
            append(address.v4)
        } else {
            append(raw: [3, 128, 0, 16])
            append(address.high)
            append(address.low)
        }
    }
}
