/// Identifiers of 16 bytes as text: `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
enum GUIDText {
    /// Text of an identifier in the usual mixed byte order (C706 appendix A, MS-DTYP section 2.3.4); nil for other than
    /// 16 bytes.
    static func mixedEndian(_ bytes: ArraySlice<UInt8>) -> String? { text(bytes, isLittleEndian: true) }

    /// The same where a sender's numbers have their highest byte first.
    static func bigEndian(_ bytes: ArraySlice<UInt8>) -> String? { text(bytes, isLittleEndian: false) }

    private static func text(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> String? {
        guard bytes.count == 16 else { return nil }
        return bytes.withUnsafeBytes { bytes in
            String(unsafeUninitializedCapacity: 36) { out in
                var place = 0
                for index in 0..<16 {
                    // The first three parts are numbers, mostly with their lowest byte first.
                    let isNumber = isLittleEndian && index < 8
                    let source = !isNumber ? index : index < 4 ? 3 - index : index ^ 1
                    if index >= 4, index <= 10, index & 1 == 0 {
                        out[place] = 0x2D
                        place += 1
                    }
                    out[place] = Hexadecimal.digit(bytes[source] >> 4)
                    out[place + 1] = Hexadecimal.digit(bytes[source] & 15)
                    place += 2
                }
                return place
            }
        }
    }
}
