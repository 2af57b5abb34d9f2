internal import Shared

extension StaticString {
    /// Whether both say the same.
    func isSame(as other: StaticString) -> Bool {
        guard utf8CodeUnitCount == other.utf8CodeUnitCount else { return false }
        if utf8Start == other.utf8Start { return true }
        for index in 0..<utf8CodeUnitCount where utf8Start[index] != other.utf8Start[index] { return false }
        return true
    }
}

extension String {
    /// Whether the ASCII text `part` stands somewhere in it: a search of bytes, where that of characters of the
    /// standard library first makes tables.
    func contains(ascii part: StaticString) -> Bool {
        var text = self
        return text.withUTF8 { UnsafeRawBufferPointer($0).bytes.firstIndex(of: part) != nil }
    }
}
