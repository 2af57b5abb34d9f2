internal import CZlib
internal import Shared

/// Undoes gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951) piece by piece.
///
/// A class, since zlib's state must be freed exactly once.
final class ContentInflater {
    /// Bytes written by one call of zlib.
    private static let pieceSize = 16_384
    /// What zlib takes for a window of 32 KiB (zlib.h, "inflate memory requirements").
    private static let stateBytes = 40_960
    /// Most bytes that come out of one stream: a few kilobytes can unfold to gigabytes (deflate packs 1032 to 1).
    static let outputLimit = 256 << 20

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var piece = [UInt8](unsafeUninitializedCapacity: ContentInflater.pieceSize) { $1 = pieceSize }
    private var isOpen = false
    private var isStarted = false
    private var isGzip = false
    private var outputCount = 0
    private var inputCount = 0
    /// Of what came out, bytes that were taken from the allowance.
    private var allowed = 0
    private let allowance: UnfoldingAllowance
    /// The stream is damaged, over or too large: nothing more comes out.
    private(set) var isDone = false
    /// What is over was gzip: another member may follow (RFC 1952 §2.2).
    private var mayGoOn = false
    /// It was given up because too much came out of it.
    private(set) var isGivenUp = false

    /// The format is raw deflate whatever it begins with, as in archives.
    private let isRaw: Bool
    /// Bytes of the last piece that lie behind the end of the stream.
    private(set) var unusedCount = 0

    init(isRaw: Bool = false, _ allowance: UnfoldingAllowance) {
        self.isRaw = isRaw
        self.allowance = allowance
        stream.initialize(to: z_stream())
    }

    deinit {
        if isOpen { inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Bytes of memory that it takes: zlib's window and state, and what comes out.
    var heldBytes: Int { Self.pieceSize + (isOpen ? Self.stateBytes : 0) }

    /// Gives the next compressed bytes and hands what comes out to `output`, in pieces.
    func append(_ bytes: RawSpan, at now: Timestamp, output: (RawSpan) -> Void) {
        guard bytes.byteCount > 0, !isDone || goesOn(with: try? bytes.byte(at: 0)) else { return }
        inputCount += bytes.byteCount
        let usual = inputCount * UnfoldingAllowance.usualRatio + allowed
        let ceiling = Swift.min(usual + allowance.available(at: now), Self.outputLimit)
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.bindMemory(to: UInt8.self).baseAddress, start(first: base[0]) else { return }
            stream.pointee.next_in = UnsafeMutablePointer(mutating: base)
            stream.pointee.avail_in = uInt(truncatingIfNeeded: buffer.count)
            run(upTo: ceiling, output)
            unusedCount = Int(stream.pointee.avail_in)
            stream.pointee.next_in = nil
        }
        if outputCount > usual {
            allowance.take(outputCount - usual)
            allowed += outputCount - usual
        }
        // A stream that has just ended by itself is whole.
        if outputCount >= ceiling, !isDone { (isDone, isGivenUp) = (true, true) }
    }

    /// Picks the format by the first byte: 1F is gzip, a method of 8 is zlib, anything else raw deflate.
    private func start(first: UInt8) -> Bool {
        if isStarted { return isOpen }
        isStarted = true
        let windowBits: Int32 = !isRaw && (first == 0x1F || first & 15 == 8) ? 15 + 32 : -15
        isOpen = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        isDone = !isOpen
        isGzip = !isRaw && first == 0x1F
        return isOpen
    }

    /// Begins with another member where its first byte comes.
    private func goesOn(with first: UInt8?) -> Bool {
        guard mayGoOn else { return false }
        mayGoOn = false
        guard first == 0x1F, inflateReset(stream) == Z_OK else { return false }
        isDone = false
        return true
    }

    private func run(upTo ceiling: Int, _ output: (RawSpan) -> Void) {
        while !isDone {
            var produced = 0
            let status = piece.withUnsafeMutableBufferPointer { out in
                stream.pointee.next_out = out.baseAddress
                stream.pointee.avail_out = uInt(Self.pieceSize)
                let status = inflate(stream, Z_NO_FLUSH)
                produced = Self.pieceSize - Int(stream.pointee.avail_out)
                return status
            }
            if produced > 0 {
                let written = piece
                output(written.span.bytes.extracting(first: produced))
            }
            outputCount += produced
            if status != Z_OK { isDone = status != Z_BUF_ERROR }
            if status == Z_STREAM_END, isGzip {
                mayGoOn = true
                if stream.pointee.avail_in > 0 { _ = goesOn(with: stream.pointee.next_in?.pointee) }
            }
            if outputCount >= ceiling { return }
            if produced < Self.pieceSize, stream.pointee.avail_in == 0 || status == Z_BUF_ERROR { return }
        }
    }
}
