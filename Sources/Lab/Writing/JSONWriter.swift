/// Writes JSON as bytes, in the order of the calls (RFC 8259).
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    mutating func begin() {
        bytes.append(0x7B)
        needsComma = false
    }

    mutating func finish() {
        bytes.append(0x7D)
        needsComma = true
    }

    mutating func newline() {
        bytes.append(0x0A)
        needsComma = false
    }

    mutating func name(_ name: String) {
        comma()
        string(name)
        bytes.append(0x3A)
    }

    private mutating func comma() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    /// Absent values are left out.
    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        self.name(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: UInt64) {
        self.name(name)
        raw(String(value))
    }

    mutating func list<T>(_ name: String, _ values: [T], _ write: (T, inout JSONWriter) -> Void) {
        self.name(name)
        bytes.append(0x5B)
        needsComma = false
        for value in values {
            comma()
            write(value, &self)
        }
        bytes.append(0x5D)
        needsComma = true
    }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func string(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                raw("\\u00")
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// Seconds with six decimals, as Zeek writes times.
    mutating func seconds(_ nanoseconds: Int64) {
        if nanoseconds < 0 { bytes.append(0x2D) }
        let micros = nanoseconds.magnitude / 1000
        raw(String(micros / 1_000_000))
        bytes.append(0x2E)
        let fraction = String(micros % 1_000_000)
        for _ in fraction.utf8.count..<6 { bytes.append(0x30) }
        raw(fraction)
    }
}
