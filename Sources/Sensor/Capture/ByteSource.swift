import CZlib
import Glibc

/// Bytes of a file in order, through one buffer; gzip is unpacked on the way.
///
/// Buffered reads instead of a memory map: a file that shrinks while it is read must not be a signal.
struct ByteSource: ~Copyable {
    /// The largest piece that a caller may ask for at once: no packet and no block that we look into is larger.
    static let maximumPiece = 32 << 20
    private static let initialCapacity = 512 << 10

    private let descriptor: Int32
    private var buffer: UnsafeMutableRawPointer
    private var capacity = ByteSource.initialCapacity
    private var start = 0
    private var end = 0
    private var inflater: Inflater?
    private(set) var atEnd = false
    /// Offset of ``pointer`` in the unpacked file.
    private(set) var offset: UInt64 = 0
    /// Why no more could be read, when it was not the end of the file.
    private(set) var failure: String?

    /// - Parameter descriptor: an open file, closed by this source.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer = .allocate(byteCount: Self.initialCapacity, alignment: 16)
        if require(2), pointer.load(as: UInt8.self) == 0x1F,
            pointer.load(fromByteOffset: 1, as: UInt8.self) == 0x8B
        {
            inflater = Inflater(head: UnsafeRawBufferPointer(start: pointer, count: end - start))
            (start, end, atEnd) = (0, 0, false)
        }
    }

    deinit {
        buffer.deallocate()
        close(descriptor)
    }

    /// The next byte to be read; as many follow as ``require(_:)`` has promised.
    @inline(__always) var pointer: UnsafeRawPointer { UnsafeRawPointer(buffer + start) }
    @inline(__always) var available: Int { end - start }

    /// Makes sure that `count` bytes lie at ``pointer``; false when the file ends before.
    @inline(__always)
    mutating func require(_ count: Int) -> Bool { end - start >= count || fill(count) }

    @inline(__always)
    mutating func advance(_ count: Int) {
        start += count
        offset += UInt64(count)
    }

    /// Passes over bytes that may be more than fit into the buffer; false when the file ends before.
    mutating func skip(_ count: Int) -> Bool {
        var left = count
        while left > 0 {
            guard require(1) else { return false }
            let step = min(left, available)
            advance(step)
            left -= step
        }
        return true
    }

    private mutating func fill(_ count: Int) -> Bool {
        guard count <= Self.maximumPiece else { return false }
        makeRoom(count)
        while end - start < count, !atEnd { readMore() }
        return end - start >= count
    }

    private mutating func makeRoom(_ count: Int) {
        let held = end - start
        if count > capacity {
            let larger = UnsafeMutableRawPointer.allocate(byteCount: count * 2, alignment: 16)
            larger.copyMemory(from: buffer + start, byteCount: held)
            buffer.deallocate()
            (buffer, capacity) = (larger, count * 2)
        } else if start > 0 {
            memmove(buffer, buffer + start, held)
        }
        (start, end) = (0, held)
    }

    private mutating func readMore() {
        let room = UnsafeMutableRawBufferPointer(start: buffer + end, count: capacity - end)
        if let inflater {
            let produced = inflater.read(into: room, from: descriptor)
            end += produced
            if produced == 0 {
                atEnd = true
                failure = inflater.failure
            }
            return
        }
        let got = ByteSource.read(descriptor, into: room)
        if got <= 0 {
            atEnd = true
            if got < 0 { failure = String(cString: strerror(errno)) }
        } else {
            end += got
        }
    }

    /// read(2), again when a signal came between.
    static func read(_ descriptor: Int32, into room: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let got = Glibc.read(descriptor, room.baseAddress, room.count)
            if got >= 0 || errno != EINTR { return got }
        }
    }
}
