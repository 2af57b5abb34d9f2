internal import CZlib
internal import Glibc
internal import Shared

/// Bytes of a file, inflated where it is gzip (RFC 1952, told by its first two bytes), also of several members.
///
/// zlib's own file functions would lose what came out of a damaged file's last piece; this gives all of it.
final class ByteInput {
    enum Outcome {
        case bytes(Int)
        case end
        case damaged(String)
    }

    private static let pieceBytes = 128 << 10

    private let descriptor: Int32
    private let input: UnsafeMutableRawBufferPointer
    private var inputStart = 0
    private var inputEnd = 0
    private var isAtEnd = false
    /// zlib keeps the address of its stream, so that it must not move; nil for a plain file.
    private var stream: UnsafeMutablePointer<z_stream>?
    private var isBetweenMembers = false

    /// - Throws: ``SourceError/unreadable(path:reason:)``.
    init(path: String) throws(SourceError) {
        if FileFacts(path: path)?.isDirectory == true {
            throw .unreadable(path: path, reason: "it is a directory")
        }
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        descriptor = opened
        input = .allocate(byteCount: Self.pieceBytes, alignment: 16)
        guard refill(), inputEnd >= 2, input[0] == 0x1F, input[1] == 0x8B else { return }
        let fresh = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        fresh.initialize(to: z_stream())
        // 15 bits of window, 16 more for the gzip header.
        guard inflateInit2_(fresh, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            fresh.deallocate()
            throw .unreadable(path: path, reason: "no memory to inflate it")
        }
        stream = fresh
    }

    deinit {
        if let stream {
            inflateEnd(stream)
            stream.deallocate()
        }
        input.deallocate()
        close(descriptor)
    }

    /// False at the end of the file.
    private func refill() -> Bool {
        guard inputStart == inputEnd, !isAtEnd else { return inputStart < inputEnd }
        var count = 0
        repeat { count = Glibc.read(descriptor, input.baseAddress, input.count) } while count < 0 && errno == EINTR
        (inputStart, inputEnd) = (0, max(0, count))
        isAtEnd = count <= 0
        return count > 0
    }

    /// Fills `output` with at least one byte, unless there is none.
    func read(into output: UnsafeMutableRawBufferPointer) -> Outcome {
        guard let stream else {
            guard refill() else { return .end }
            let count = min(output.count, inputEnd - inputStart)
            output.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[inputStart..<(inputStart + count)]))
            inputStart += count
            return .bytes(count)
        }
        return inflate(stream, into: output)
    }

    private func inflate(_ stream: UnsafeMutablePointer<z_stream>, into output: UnsafeMutableRawBufferPointer)
        -> Outcome
    {
        while true {
            guard refill() else { return isBetweenMembers ? .end : .damaged("compressed data end early") }
            if isBetweenMembers {
                // Padding after the last member is nothing to worry about.
                guard input[inputStart] == 0x1F, inflateReset(stream) == Z_OK else { return .end }
                isBetweenMembers = false
            }
            let available = inputEnd - inputStart
            stream.pointee.next_in = input.baseAddress.map { ($0 + inputStart).assumingMemoryBound(to: UInt8.self) }
            stream.pointee.avail_in = UInt32(available)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(output.count)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            inputStart += available - Int(stream.pointee.avail_in)
            let count = output.count - Int(stream.pointee.avail_out)
            if code == Z_STREAM_END { isBetweenMembers = true }
            if count > 0 { return .bytes(count) }
            guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
                return .damaged("compressed data are damaged (\(reason))")
            }
        }
    }
}
