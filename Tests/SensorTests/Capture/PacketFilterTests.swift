import Foundation
import Shared
import Testing

@testable import Sensor

/// Filters in tcpdump's language, on captures in files.
@Suite struct PacketFilterTests {
    /// LINKTYPE_USER0: nobody knows what is in it, and no filter on ports can be compiled for it.
    private static let unknownLink: UInt32 = 147

    private static func errors(_ bytes: [UInt8], _ filter: String) throws -> [SourceError] {
        try CaptureBytes.withFile(bytes) { path in
            var source = CaptureSource(paths: [path], filter: try PacketFilter(filter))
            var found: [SourceError] = []
            var isAtEnd = false
            while !isAtEnd {
                do throws(SourceError) { isAtEnd = try source.nextBatch() == nil } catch { found.append(error) }
            }
            return found
        }
    }

    @Test func aFilterThatMakesNoSenseForTheLinkIsToldOnceForACapture() throws {
        let packet = (seconds: UInt32(1), fraction: UInt32(0), bytes: [UInt8](repeating: 0, count: 60))
        let bytes = CaptureBytes.pcap(linkType: Self.unknownLink, packets: [packet, packet])
        let errors = try Self.errors(bytes, "port 445")
        #expect(errors.count == 1)
        let text = try #require(errors.first?.description)
        #expect(text.contains("the filter 'port 445' does not work for packets of link type 147"), "\(text)")
    }

    @Test func whatTheFilterCanJudgeIsReadBesideWhatItCannot() throws {
        let datagram = PacketBytes.ipv4(17, PacketBytes.udp(from: 1, to: 445, [1]))
        let frame = [UInt8](repeating: 2, count: 12) + [8, 0] + datagram
        let bytes =
            CaptureBytes.section() + CaptureBytes.interface(UInt16(Self.unknownLink)) + CaptureBytes.interface(1)
            + CaptureBytes.enhancedPacket(interface: 0, ticks: 1, frame)
            + CaptureBytes.enhancedPacket(interface: 1, ticks: 2, frame)
        try CaptureBytes.withFile(bytes) { path in
            var source = CaptureSource(paths: [path], filter: try PacketFilter("port 445"))
            #expect(throws: SourceError.self) { try source.nextBatch() }
            #expect(try source.nextBatch() != nil)
            #expect(source.counters.packets == 1)
            #expect(source.filteredPackets == 1)
        }
    }

    @Test func aFilterThatFitsTellsNothing() throws {
        let packet = (seconds: UInt32(1), fraction: UInt32(0), bytes: [UInt8](repeating: 0, count: 60))
        #expect(try Self.errors(CaptureBytes.pcap(packets: [packet]), "port 445").isEmpty)
    }
}
