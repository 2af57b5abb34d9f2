/// Text of 16-bit units, as Microsoft's protocols and BMPString have it.
enum UTF16Text {
    /// Units that are read of one text: longer than any path that Windows takes.
    private static let limit = 32_768

    static func littleEndian(_ bytes: ArraySlice<UInt8>) -> String { text(bytes) { $0 | $1 << 8 } }
    static func bigEndian(_ bytes: ArraySlice<UInt8>) -> String { text(bytes) { $0 << 8 | $1 } }

    private static func text(_ bytes: ArraySlice<UInt8>, _ join: (UInt16, UInt16) -> UInt16) -> String {
        var units: [UInt16] = []
        units.reserveCapacity(min(bytes.count / 2, limit))
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex, units.count < limit {
            units.append(join(UInt16(bytes[index]), UInt16(bytes[index + 1])))
            index += 2
        }
        while units.last == 0 { units.removeLast() }
        return String(decoding: units, as: UTF16.self)
    }
}
