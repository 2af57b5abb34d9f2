import Foundation

/// Captures made byte by byte, for tests of the readers.
enum CaptureBytes {
    static func number<T: FixedWidthInteger>(_ value: T, bigEndian: Bool) -> [UInt8] {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    /// A pcap file (draft-ietf-opsawg-pcap §4, §5).
    static func pcap(
        magic: UInt32 = 0xA1B2_C3D4, bigEndian: Bool = false, linkType: UInt32 = 1,
        packets: [(seconds: UInt32, fraction: UInt32, bytes: [UInt8])]
    ) -> [UInt8] {
        var out = number(magic, bigEndian: bigEndian)
        out += number(UInt16(2), bigEndian: bigEndian) + number(UInt16(4), bigEndian: bigEndian)
        for value in [0, 0, 65_535, linkType] { out += number(UInt32(value), bigEndian: bigEndian) }
        for packet in packets {
            let size = UInt32(packet.bytes.count)
            for value in [packet.seconds, packet.fraction, size, size] { out += number(value, bigEndian: bigEndian) }
            out += packet.bytes
        }
        return out
    }

    /// One pcapng block (draft-ietf-opsawg-pcapng §3.1).
    static func block(_ type: UInt32, _ body: [UInt8], bigEndian: Bool = false) -> [UInt8] {
        let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        let length = number(UInt32(padded.count + 12), bigEndian: bigEndian)
        return number(type, bigEndian: bigEndian) + length + padded + length
    }

    static func section(bigEndian: Bool = false) -> [UInt8] {
        block(
            0x0A0D_0D0A,
            number(UInt32(0x1A2B_3C4D), bigEndian: bigEndian) + number(UInt16(1), bigEndian: bigEndian)
                + number(UInt16(0), bigEndian: bigEndian) + [UInt8](repeating: 0xFF, count: 8),
            bigEndian: bigEndian)
    }

    static func interface(
        _ linkType: UInt16, snapLength: UInt32 = 0, options: [UInt8] = [], bigEndian: Bool = false
    ) -> [UInt8] {
        block(
            1,
            number(linkType, bigEndian: bigEndian) + [0, 0] + number(snapLength, bigEndian: bigEndian) + options,
            bigEndian: bigEndian)
    }

    static func enhancedPacket(
        interface: UInt32, ticks: UInt64, _ bytes: [UInt8], bigEndian: Bool = false
    ) -> [UInt8] {
        var body = number(interface, bigEndian: bigEndian)
        body += number(UInt32(truncatingIfNeeded: ticks >> 32), bigEndian: bigEndian)
        body += number(UInt32(truncatingIfNeeded: ticks), bigEndian: bigEndian)
        body += number(UInt32(bytes.count), bigEndian: bigEndian) + number(UInt32(bytes.count), bigEndian: bigEndian)
        return block(6, body + bytes, bigEndian: bigEndian)
    }

    /// Calls `body` with the path of a file that holds `bytes`.
    static func withFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) throws -> R {
        let path = NSTemporaryDirectory() + "meneki-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}
