import Shared

/// The classic capture format (draft-ietf-opsawg-pcap §4, §5): a header of 24 bytes, then packets.
struct PcapFormat {
    static let headerSize = 24
    /// The format itself sets none; libpcap takes no packet above 262,144 bytes, and USB captures reach 128 MiB.
    static let maximumPacket = ByteSource.maximumPiece - 64

    private let isSwapped: Bool
    /// Nanoseconds in a unit of the second time field.
    private let unit: Int64
    private let recordHeaderSize: Int
    private let linkType: LinkType

    /// - Parameter header: ``headerSize`` bytes. Nil when they are none of this format.
    init?(_ header: UnsafeRawPointer) {
        let magic = header.loadUnaligned(as: UInt32.self).littleEndian
        switch magic {
        case 0xA1B2_C3D4, 0xA1B2_3C4D, 0xA1B2_CD34: isSwapped = false
        case 0xD4C3_B2A1, 0x4D3C_B2A1, 0x34CD_B2A1: isSwapped = true
        default: return nil
        }
        let kind = isSwapped ? magic.byteSwapped : magic
        unit = kind == 0xA1B2_3C4D ? 1 : 1000
        // The "modified" format of old Linux systems carries eight more bytes a packet.
        recordHeaderSize = kind == 0xA1B2_CD34 ? 24 : 16
        let network = header.loadUnaligned(fromByteOffset: 20, as: UInt32.self).littleEndian
        linkType = LinkType(fileValue: (isSwapped ? network.byteSwapped : network) & 0xFFFF)
    }

    @inline(__always)
    private func word(_ pointer: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        let value = pointer.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian
        return isSwapped ? value.byteSwapped : value
    }

    @inline(__always)
    func next(_ source: inout ByteSource, _ ending: inout CaptureEnding) -> CapturedPacket? {
        guard source.require(recordHeaderSize) else {
            if source.available > 0 { ending = .cut(offset: source.offset) }
            return nil
        }
        let seconds = Int64(word(source.pointer, 0))
        let fraction = Int64(word(source.pointer, 4))
        let captured = Int(word(source.pointer, 8))
        let wire = Int(word(source.pointer, 12))
        guard captured <= Self.maximumPacket else {
            ending = .damaged(offset: source.offset, reason: "a packet of \(captured) bytes")
            return nil
        }
        guard source.require(recordHeaderSize + captured) else {
            ending = .cut(offset: source.offset)
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: source.pointer + recordHeaderSize, count: captured)
        source.advance(recordHeaderSize + captured)
        return CapturedPacket(
            time: Timestamp(nanoseconds: seconds * 1_000_000_000 + fraction * unit), linkType: linkType,
            bytes: bytes, wireLength: max(wire, captured))
    }
}
