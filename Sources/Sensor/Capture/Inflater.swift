import CZlib
import Glibc

/// Unpacks gzip (RFC 1952), also of several members, as a stream.
final class Inflater {
    private static let inputSize = 128 << 10
    /// zlib: 15 bits of window, and 16 for the gzip wrapper.
    private static let gzipWindowBits: Int32 = 15 + 16

    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawPointer
    private let inputCapacity: Int
    private var finished = false
    private(set) var failure: String?

    /// - Parameter head: what was read of the file already.
    init(head: UnsafeRawBufferPointer) {
        inputCapacity = max(Self.inputSize, head.count)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: inputCapacity, alignment: 16)
        if let base = head.baseAddress { input.copyMemory(from: base, byteCount: head.count) }
        stream.pointee.next_in = input.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(head.count)
        let status = inflateInit2_(
            stream, Self.gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { stop("zlib cannot start (\(status))") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Bytes written to `room`; 0 at the end or after a failure.
    func read(into room: UnsafeMutableRawBufferPointer, from descriptor: Int32) -> Int {
        guard let base = room.baseAddress else { return 0 }
        stream.pointee.next_out = base.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(clamping: room.count)
        while !finished, stream.pointee.avail_out == UInt32(clamping: room.count) {
            if stream.pointee.avail_in == 0, !refill(from: descriptor) {
                stop("the gzip stream is cut")
                break
            }
            step(from: descriptor)
        }
        return min(room.count, Int(UInt32.max)) - Int(stream.pointee.avail_out)
    }

    private func step(from descriptor: Int32) {
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            // Another member may follow; anything else behind the last one is padding.
            if stream.pointee.avail_in == 0 { _ = refill(from: descriptor) }
            let more = stream.pointee.avail_in > 0 && stream.pointee.next_in?.pointee == 0x1F
            if !more || inflateReset(stream) != Z_OK { finished = true }
        default: stop("the gzip stream is damaged")
        }
    }

    private func refill(from descriptor: Int32) -> Bool {
        let got = ByteSource.read(descriptor, into: .init(start: input, count: inputCapacity))
        stream.pointee.next_in = input.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(max(got, 0))
        return got > 0
    }

    private func stop(_ reason: String) {
        failure = reason
        finished = true
    }
}
