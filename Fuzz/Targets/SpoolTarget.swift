import Glibc
@testable import Protocol
@testable import Sensor
import Shared

/// A segment of the spool as a crash or a failing disk leaves it.
///
/// Input: a byte that says whether checksums are put right (or no mutation would get past them), then the segment.
struct SpoolTarget: FuzzTarget {
    let name = "spool"

    func run(_ input: UnsafeRawBufferPointer) {
        guard let kind = input.first else { return }
        var bytes = Array(input.dropFirst())
        if kind & 1 == 1 { Self.mend(&bytes) }
        let path = ScratchFolder.write(bytes, to: "00000000000000000001.seg")
        guard let file = try? SpoolFile(directory: ScratchFolder.path, first: 1) else { return }
        var offset = 0
        var entries = 0
        while let entry = file.entry(at: offset) {
            precondition(entry.next > offset && entry.next <= bytes.count, "an entry that ends outside")
            _ = try? BatchDecoder.decode(entry.batch.content)
            precondition(
                SpoolEntry.bytes(entry.batch.sequence, entry.batch.content).elementsEqual(bytes[offset..<entry.next]),
                "an entry that is not what was read")
            offset = entry.next
            entries += 1
        }
        precondition(entries * (SpoolEntry.headBytes + SpoolEntry.fixedBytes) <= bytes.count, "entries of nothing")
        unlink(path)
    }

    /// Puts the checksums of all entries right that have their whole length.
    private static func mend(_ bytes: inout [UInt8]) {
        var offset = 0
        while offset + SpoolEntry.headBytes <= bytes.count,
            let length = SpoolEntry.bodyBytes(head: Array(bytes[offset..<(offset + SpoolEntry.headBytes)])),
            offset + SpoolEntry.headBytes + length <= bytes.count
        {
            let body = Array(bytes[(offset + SpoolEntry.headBytes)..<(offset + SpoolEntry.headBytes + length)])
            let sum = CRC32C.checksum(body)
            for place in 0..<4 { bytes[offset + 4 + place] = UInt8(truncatingIfNeeded: sum >> UInt32(place * 8)) }
            offset += SpoolEntry.headBytes + length
        }
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        BatchTarget.batches(of: fixture).compactMap { batch in
            guard let encoded = try? BatchEncoder.encode(batch), encoded.payload.count < 8192 else { return nil }
            return [1] + SpoolEntry.bytes(1, encoded) + SpoolEntry.bytes(2, encoded)
        }
    }
}
