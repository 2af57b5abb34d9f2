#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension RawSpan {
    /// Reads a big-endian integer at `offset` (bytes from the start of the span).
    /// - Throws: ``DecodeError/truncated(needed:have:)`` when it does not fit.
    @inlinable @inline(__always)
    public func readBE<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: T.Type = T.self
    ) throws(DecodeError) -> T {
        guard offset >= 0, offset <= byteCount &- MemoryLayout<T>.size else {
            throw .truncated(needed: offset &+ MemoryLayout<T>.size, have: byteCount)
        }
        return T(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self))
    }

    /// Reads a little-endian integer at `offset` (bytes from the start of the span).
    /// - Throws: ``DecodeError/truncated(needed:have:)`` when it does not fit.
    @inlinable @inline(__always)
    public func readLE<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: T.Type = T.self
    ) throws(DecodeError) -> T {
        guard offset >= 0, offset <= byteCount &- MemoryLayout<T>.size else {
            throw .truncated(needed: offset &+ MemoryLayout<T>.size, have: byteCount)
        }
        return T(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self))
    }

    /// The byte at `offset`.
    /// - Throws: ``DecodeError/truncated(needed:have:)`` past the end.
    @inlinable @inline(__always)
    public func byte(at offset: Int) throws(DecodeError) -> UInt8 {
        guard offset >= 0, offset < byteCount else { throw .truncated(needed: offset &+ 1, have: byteCount) }
        return unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Makes sure that `count` bytes lie from `offset` on, so that `extracting(offset..<offset + count)` cannot trap.
    /// - Throws: ``DecodeError/truncated(needed:have:)`` when they are not all there.
    @inlinable @inline(__always)
    public func require(_ count: Int, at offset: Int) throws(DecodeError) {
        guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount &- offset else {
            throw .truncated(needed: offset &+ count, have: byteCount)
        }
    }

    /// Whether the span begins with the ASCII text `prefix`.
    @inlinable
    public func starts(with prefix: StaticString) -> Bool {
        guard byteCount >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount
        where
            unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self) != prefix.utf8Start[index]
        {
            return false
        }
        return true
    }

    /// Offset of the first `byte` at or after `start`, or nil.
    public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        let start = Swift.max(start, 0)
        guard start < byteCount else { return nil }
        return withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Offset of the first place at or after `start` where the ASCII text `text` stands, or nil.
    public func firstIndex(of text: StaticString, from start: Int = 0) -> Int? {
        guard text.utf8CodeUnitCount > 0 else { return nil }
        var offset = start
        while let found = firstIndex(of: text.utf8Start[0], from: offset) {
            if extracting(droppingFirst: found).starts(with: text) { return found }
            offset = found + 1
        }
        return nil
    }

    /// The bytes as text. Printable ASCII and valid UTF-8 stay; every other byte becomes `\xNN`, as Zeek writes it.
    ///
    /// At most ``WireText/limit`` bytes are read.
    public func text() -> String {
        extracting(first: WireText.limit).withUnsafeBytes { WireText.string(decoding: $0) }
    }
}
