import Shared

/// The block format (draft-ietf-opsawg-pcapng): sections of either byte order, each with its interfaces.
struct PcapngFormat {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    private static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
    /// Interfaces of one section; more are a damaged or hostile file.
    private static let maximumInterfaces = 4096

    /// Set when state changed that the owner must store.
    var changed = false
    private var isSwapped: Bool
    private var interfaces: [CaptureInterface] = []

    /// - Parameter start: 12 bytes. Nil when they do not begin a section.
    init?(_ start: UnsafeRawPointer) {
        let magic = start.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian
        guard magic == Self.byteOrderMagic || magic == Self.byteOrderMagic.byteSwapped else { return nil }
        isSwapped = magic != Self.byteOrderMagic
    }

    @inline(__always)
    private func word(_ pointer: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        let value = pointer.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian
        return isSwapped ? value.byteSwapped : value
    }

    @inline(__always)
    private func half(_ pointer: UnsafeRawPointer, _ offset: Int) -> UInt16 {
        let value = pointer.loadUnaligned(fromByteOffset: offset, as: UInt16.self).littleEndian
        return isSwapped ? value.byteSwapped : value
    }

    /// Reads blocks until one holds a packet.
    mutating func next(_ source: inout ByteSource, _ ending: inout CaptureEnding) -> CapturedPacket? {
        while true {
            guard source.require(12) else {
                if source.available > 0 { ending = .cut(offset: source.offset) }
                return nil
            }
            if source.pointer.loadUnaligned(as: UInt32.self) == Self.sectionHeader {
                guard let section = PcapngFormat(source.pointer) else {
                    ending = .damaged(offset: source.offset, reason: "a section of unknown byte order")
                    return nil
                }
                self = section
                changed = true
            }
            let type = word(source.pointer, 0)
            let length = Int(word(source.pointer, 4))
            guard length >= 12, length % 4 == 0 else {
                ending = .damaged(offset: source.offset, reason: "a block of \(length) bytes")
                return nil
            }
            guard Self.isRead(type) else {
                if !source.skip(length) { ending = .cut(offset: source.offset) }
                continue
            }
            guard length <= ByteSource.maximumPiece, source.require(length) else {
                ending =
                    length > ByteSource.maximumPiece
                    ? .damaged(offset: source.offset, reason: "a block of \(length) bytes")
                    : .cut(offset: source.offset)
                return nil
            }
            let block = UnsafeRawBufferPointer(start: source.pointer, count: length)
            guard word(source.pointer, length - 4) == UInt32(length) else {
                ending = .damaged(offset: source.offset, reason: "a block whose two lengths differ")
                return nil
            }
            switch read(block, type) {
            case .packet(let packet):
                source.advance(length)
                return packet
            case .nothing: source.advance(length)
            case .damaged(let reason):
                ending = .damaged(offset: source.offset, reason: reason)
                return nil
            }
        }
    }

    private enum Block {
        case packet(CapturedPacket)
        case nothing
        case damaged(String)
    }

    /// Interface description, old packet, simple packet, enhanced packet.
    private static func isRead(_ type: UInt32) -> Bool { (type >= 1 && type <= 3) || type == 6 }

    private mutating func read(_ block: UnsafeRawBufferPointer, _ type: UInt32) -> Block {
        guard let base = block.baseAddress else { return .nothing }
        switch type {
        case 1:
            guard block.count >= 20 else { return .damaged("an interface block of \(block.count) bytes") }
            guard interfaces.count < Self.maximumInterfaces else { return .damaged("too many interfaces") }
            interfaces.append(readInterface(base, block.count))
            changed = true
            return .nothing
        case 3: return simplePacket(base, block.count)
        default: return fullPacket(base, block.count, isOld: type == 2)
        }
    }

    private func readInterface(_ base: UnsafeRawPointer, _ length: Int) -> CaptureInterface {
        var interface = CaptureInterface(
            linkType: LinkType(fileValue: UInt32(half(base, 8))), snapLength: Int(word(base, 12)))
        var offset = 16
        while offset + 4 <= length - 4 {  // each round takes at least 4 bytes
            let (code, size) = (half(base, offset), Int(half(base, offset + 2)))
            guard code != 0, offset + 4 + size <= length - 4 else { break }
            if code == 9, size == 1 {
                interface.resolution = base.load(fromByteOffset: offset + 4, as: UInt8.self)
            } else if code == 14, size == 8 {
                let first = UInt64(word(base, offset + 4)), second = UInt64(word(base, offset + 8))
                interface.offsetSeconds = Int64(
                    bitPattern: isBigEndian ? first << 32 | second : second << 32 | first)
            }
            offset += 4 + (size + 3) / 4 * 4
        }
        return interface
    }

    /// Words are read in the section's order, which on this side is big endian exactly when swapped.
    private var isBigEndian: Bool { isSwapped }

    private func fullPacket(_ base: UnsafeRawPointer, _ length: Int, isOld: Bool) -> Block {
        guard length >= 32 else { return .damaged("a packet block of \(length) bytes") }
        let index = isOld ? Int(half(base, 8)) : Int(word(base, 8))
        guard index < interfaces.count else {
            return .damaged("a packet of interface \(index), which is not described")
        }
        let ticks = UInt64(word(base, 12)) << 32 | UInt64(word(base, 16))
        let captured = Int(word(base, 20))
        guard captured <= length - 32 else { return .damaged("a packet longer than its block") }
        return .packet(
            CapturedPacket(
                time: interfaces[index].time(ticks), linkType: interfaces[index].linkType,
                bytes: UnsafeRawBufferPointer(start: base + 28, count: captured),
                wireLength: max(Int(word(base, 24)), captured)))
    }

    /// A packet without time or interface: it belongs to the first.
    private func simplePacket(_ base: UnsafeRawPointer, _ length: Int) -> Block {
        guard length >= 16, let interface = interfaces.first else {
            return .damaged("a simple packet without an interface")
        }
        let wire = Int(word(base, 8))
        let limit = interface.snapLength == 0 ? wire : min(wire, interface.snapLength)
        let captured = min(limit, length - 16)
        return .packet(
            CapturedPacket(
                time: Timestamp(nanoseconds: 0), linkType: interface.linkType,
                bytes: UnsafeRawBufferPointer(start: base + 12, count: captured),
                wireLength: max(wire, captured)))
    }
}

/// What a pcapng section says of one interface.
struct CaptureInterface {
    var linkType: LinkType
    /// 0: no limit.
    var snapLength: Int
    /// if_tsresol: negative power of ten, or of two with the highest bit set; microseconds by default.
    var resolution: UInt8 = 6
    var offsetSeconds: Int64 = 0

    /// Powers of ten up to 10^9.
    private static let powers: [UInt64] = (0...19).reduce(into: [1]) { list, _ in
        if list.count < 20 { list.append(list[list.count - 1] &* 10) }
    }

    func time(_ ticks: UInt64) -> Timestamp {
        let exponent = Int(resolution & 0x7F)
        let perSecond: UInt64
        if resolution & 0x80 != 0 {
            perSecond = exponent < 64 ? 1 << UInt64(exponent) : 0
        } else {
            perSecond = exponent < 20 ? Self.powers[exponent] : 0
        }
        guard perSecond > 0 else { return Timestamp(nanoseconds: 0) }
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: perSecond)
        let scaled = rest.multipliedFullWidth(by: 1_000_000_000)
        let fraction = perSecond.dividingFullWidth(scaled).quotient
        return Timestamp(nanoseconds: Int64(clamping: fraction))
            + .seconds(Int64(clamping: min(seconds, 9_000_000_000)))
            + .seconds(max(min(offsetSeconds, 9_000_000_000), -9_000_000_000))
    }
}
