import Glibc
@testable import Sensor
import Shared

/// A capture or log of Tests/Fixtures.
struct Fixture: Sendable {
    /// A packet of it.
    struct Packet: Sendable {
        let time: Timestamp
        let linkType: LinkType
        let bytes: [UInt8]
        let wireLength: Int
    }

    let path: String
    let packets: [Packet]

    var isCapture: Bool { path.hasSuffix(".pcap") || path.hasSuffix(".pcapng") }

    /// Every file under `root`, in the order of their names.
    static func all(in root: String) -> [Fixture] {
        files(under: root).sorted().compactMap { path in
            let isCapture = path.hasSuffix(".pcap") || path.hasSuffix(".pcapng")
            guard isCapture || path.hasSuffix(".log.gz") || path.hasSuffix(".log") else { return nil }
            return Fixture(path: path, packets: isCapture ? packets(of: path) : [])
        }
    }

    /// The file's bytes; empty when it cannot be read.
    var content: [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = max(0, ftell(file))
        rewind(file)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, file)
        }
    }

    private static func files(under path: String) -> [String] {
        guard let folder = opendir(path) else { return [path] }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if !name.hasPrefix(".") { found += files(under: path + "/" + name) }
        }
        return found
    }

    private static func packets(of path: String) -> [Packet] {
        var packets: [Packet] = []
        do throws(CaptureError) {
            var file = try CaptureFile(path: path)
            while let packet = file.next() {
                packets.append(
                    Packet(
                        time: packet.time, linkType: packet.linkType, bytes: Array(packet.bytes),
                        wireLength: packet.wireLength))
            }
        } catch {
            print("\(path): \(error)")
        }
        return packets
    }
}

extension FlowEngine {
    /// Takes a packet whose bytes are in memory.
    mutating func process(_ bytes: [UInt8], of packet: Fixture.Packet, at time: Timestamp) {
        bytes.withUnsafeBytes {
            process(
                CapturedPacket(
                    time: time, linkType: packet.linkType, bytes: $0, wireLength: max(packet.wireLength, $0.count)))
        }
    }
}
