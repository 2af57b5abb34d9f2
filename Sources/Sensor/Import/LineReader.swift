internal import Glibc

/// Lines of a plain or gzip file (told apart by content), read in pieces; never a whole file.
///
/// Hands out pointers into its own buffer, so that no line is copied: each is valid until the next call.
final class LineReader {
    /// What reading the next line came to.
    enum Outcome {
        case line(UnsafeRawBufferPointer)
        /// A line beyond ``longestLine``, skipped.
        case tooLong
        case end
        /// Compressed data that are damaged or end early; nothing comes after.
        case damaged(String)
    }

    /// No record of Zeek comes near this; a line without end must not fill the memory.
    static let longestLine = 1 << 20
    private static let initialBytes = 256 << 10

    private let input: ByteInput
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var isSkipping = false
    private(set) var byteCount: UInt64 = 0

    /// - Throws: ``SourceError/unreadable(path:reason:)``.
    init(path: String) throws(SourceError) {
        input = try ByteInput(path: path)
        buffer = .allocate(byteCount: Self.initialBytes, alignment: 16)
    }

    deinit { buffer.deallocate() }

    func next() -> Outcome {
        var searched = start
        while true {
            if searched < end, let newline = find(from: searched) {
                let line = trimmed(start, newline)
                start = newline + 1
                if !isSkipping { return .line(line) }
                isSkipping = false
                return .tooLong
            }
            searched = end - start
            if isAtEnd { return last() }
            if let problem = fill() { return .damaged(problem) }
            searched = isSkipping ? start : searched + start
        }
    }

    /// What is left after the last newline.
    private func last() -> Outcome {
        let line = trimmed(start, end)
        start = end
        if isSkipping {
            isSkipping = false
            return .tooLong
        }
        return line.isEmpty ? .end : .line(line)
    }

    private func find(from place: Int) -> Int? {
        guard let base = buffer.baseAddress, let hit = memchr(base + place, 0x0A, end - place) else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    private func trimmed(_ from: Int, _ to: Int) -> UnsafeRawBufferPointer {
        let to = to > from && buffer[to - 1] == 0x0D ? to - 1 : to
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[from..<to])
    }

    /// Makes room and reads on.
    private func fill() -> String? {
        guard let base = buffer.baseAddress else { return "no buffer" }
        if isSkipping {
            (start, end) = (0, 0)
        } else if start > 0 {
            memmove(base, base + start, end - start)
            (start, end) = (0, end - start)
        }
        if end == buffer.count { makeRoom() }
        switch input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...])) {
        case .bytes(let count):
            end += count
            byteCount += UInt64(count)
        case .end:
            isAtEnd = true
        case .damaged(let reason):
            isAtEnd = true
            return reason
        }
        return nil
    }

    private func makeRoom() {
        guard buffer.count < Self.longestLine else {
            isSkipping = true
            end = 0
            return
        }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 4, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
    }
}
