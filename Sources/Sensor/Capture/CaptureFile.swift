import Glibc
import Shared

/// A capture file being read: pcap or pcapng, either byte order, plain or gzip, told apart by their first bytes.
public struct CaptureFile: ~Copyable {
    /// As it was given; in every error about it.
    public let path: String
    /// Packets read so far.
    public private(set) var packetCount: UInt64 = 0
    /// How it ended, once ``next()`` has returned nil.
    public private(set) var ending = CaptureEnding.complete

    private var source: ByteSource
    private var format: Format

    private enum Format {
        case pcap(PcapFormat)
        case pcapng(PcapngFormat)
    }

    /// Opens a file and reads its header. `-` is the standard input.
    /// - Throws: ``CaptureError/cannotOpen(path:reason:)``, ``CaptureError/notACapture(path:)``.
    public init(path: String) throws(CaptureError) {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        var source = ByteSource(descriptor: descriptor)
        guard let format = Self.detect(&source) else {
            if let failure = source.failure { throw .cannotOpen(path: path, reason: failure) }
            throw .notACapture(path: path)
        }
        self.path = path
        self.source = source
        self.format = format
    }

    private static func detect(_ source: inout ByteSource) -> Format? {
        guard source.require(12) else { return nil }
        if source.pointer.loadUnaligned(as: UInt32.self) == PcapngFormat.sectionHeader {
            return PcapngFormat(source.pointer).map { .pcapng($0) }
        }
        guard source.require(PcapFormat.headerSize), let format = PcapFormat(source.pointer) else { return nil }
        source.advance(PcapFormat.headerSize)
        return .pcap(format)
    }

    /// The next packet, or nil at the end: ``ending`` then tells how it ended.
    public mutating func next() -> CapturedPacket? {
        guard ending == .complete else { return nil }
        let packet: CapturedPacket?
        switch format {
        case .pcap(let pcap): packet = pcap.next(&source, &ending)
        case .pcapng(var pcapng):
            packet = pcapng.next(&source, &ending)
            if pcapng.changed {
                pcapng.changed = false
                format = .pcapng(pcapng)
            }
        }
        if packet != nil { packetCount += 1 }
        if packet == nil, let failure = source.failure, ending == .complete || isCut {
            ending = .damaged(offset: source.offset, reason: failure)
        }
        return packet
    }

    /// Bytes read of it, unpacked.
    public var byteCount: UInt64 { source.offset }

    private var isCut: Bool { if case .cut = ending { true } else { false } }
}
