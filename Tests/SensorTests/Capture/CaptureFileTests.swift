import CZlib
import Shared
import Testing

@testable import Sensor

@Suite struct CaptureFileTests {
    private struct Packet: Equatable {
        var time: Int64
        var linkType: UInt16
        var bytes: [UInt8]
        var wireLength: Int
    }

    private func read(_ file: [UInt8]) throws -> (packets: [Packet], ending: CaptureEnding) {
        try CaptureBytes.withFile(file) { path in
            var capture = try CaptureFile(path: path)
            var packets: [Packet] = []
            while let packet = capture.next() {
                packets.append(
                    Packet(
                        time: packet.time.nanoseconds, linkType: packet.linkType.rawValue,
                        bytes: Array(packet.bytes), wireLength: packet.wireLength))
            }
            return (packets, capture.ending)
        }
    }

    @Test(arguments: [false, true]) func pcapOfEitherByteOrderIsRead(bigEndian: Bool) throws {
        let file = CaptureBytes.pcap(
            bigEndian: bigEndian, linkType: 101, packets: [(10, 250_000, [1, 2, 3]), (11, 1, [])])
        let (packets, ending) = try read(file)
        #expect(
            packets == [
                Packet(time: 10_250_000_000, linkType: 101, bytes: [1, 2, 3], wireLength: 3),
                Packet(time: 11_000_001_000, linkType: 101, bytes: [], wireLength: 0),
            ])
        #expect(ending == .complete)
    }

    /// Whoever has enough after a packet gets the next one with the next round.
    @Test(arguments: [1, 2, 3, 10]) func aRoundThatEndsEarlyLosesNothing(enough: UInt32) throws {
        let file = CaptureBytes.pcap(packets: (1...9).map { (UInt32($0), 0, [1, 2]) })
        try CaptureBytes.withFile(file) { path in
            var reader = CaptureReader(paths: [path, path], filter: nil)
            var seconds: [Int64] = []
            var taken: UInt32 = 0
            func take(_ packet: CapturedPacket) -> Bool {
                seconds.append(packet.time.nanoseconds / 1_000_000_000)
                taken += 1
                return taken % enough != 0
            }
            while try reader.read(4, take) {}
            #expect(seconds == Array(1...9) + Array(1...9))
            #expect(reader.endings.isEmpty)
        }
    }

    @Test func nanosecondPcapKeepsNanoseconds() throws {
        let file = CaptureBytes.pcap(magic: 0xA1B2_3C4D, packets: [(1, 999_999_999, [7])])
        #expect(try read(file).packets.map(\.time) == [1_999_999_999])
    }

    @Test(arguments: [false, true]) func pcapngInterfacesHaveTheirOwnLinkTypeAndClock(bigEndian: Bool) throws {
        let nanoseconds: [UInt8] =
            CaptureBytes.number(UInt16(9), bigEndian: bigEndian)
            + CaptureBytes.number(UInt16(1), bigEndian: bigEndian) + [9, 0, 0, 0]
        let offset =
            CaptureBytes.number(UInt16(14), bigEndian: bigEndian)
            + CaptureBytes.number(UInt16(8), bigEndian: bigEndian)
            + CaptureBytes.number(UInt64(100), bigEndian: bigEndian)
        let binary =
            CaptureBytes.number(UInt16(9), bigEndian: bigEndian)
            + CaptureBytes.number(UInt16(1), bigEndian: bigEndian) + [0x81, 0, 0, 0]
        var file = CaptureBytes.section(bigEndian: bigEndian)
        file += CaptureBytes.interface(1, bigEndian: bigEndian)
        file += CaptureBytes.interface(101, options: nanoseconds + offset, bigEndian: bigEndian)
        file += CaptureBytes.interface(228, options: binary, bigEndian: bigEndian)
        file += CaptureBytes.block(0x0BAD, [1, 2, 3, 4], bigEndian: bigEndian)
        file += CaptureBytes.enhancedPacket(interface: 0, ticks: 5_000_001, [1], bigEndian: bigEndian)
        file += CaptureBytes.enhancedPacket(interface: 1, ticks: 5_000_000_001, [2, 2], bigEndian: bigEndian)
        file += CaptureBytes.enhancedPacket(interface: 2, ticks: 3, [3], bigEndian: bigEndian)
        let (packets, ending) = try read(file)
        #expect(packets.map(\.time) == [5_000_001_000, 105_000_000_001, 1_500_000_000])
        #expect(packets.map(\.linkType) == [1, 101, 228])
        #expect(packets.map(\.bytes) == [[1], [2, 2], [3]])
        #expect(ending == .complete)
    }

    @Test func simplePacketsAreCutToTheSnapLengthOfTheFirstInterface() throws {
        let body = CaptureBytes.number(UInt32(9), bigEndian: false) + [1, 2, 3, 4]
        let file = CaptureBytes.section() + CaptureBytes.interface(1, snapLength: 4) + CaptureBytes.block(3, body)
        let packets = try read(file).packets
        #expect(packets.map(\.bytes) == [[1, 2, 3, 4]])
        #expect(packets.map(\.wireLength) == [9])
    }

    @Test func aSecondSectionForgetsTheInterfacesOfTheFirst() throws {
        let file =
            CaptureBytes.section() + CaptureBytes.interface(1) + CaptureBytes.section(bigEndian: true)
            + CaptureBytes.enhancedPacket(interface: 0, ticks: 1, [1], bigEndian: true)
        guard case .damaged = try read(file).ending else {
            Issue.record("a packet of an interface that is not described was taken")
            return
        }
    }

    @Test func gzipOfSeveralMembersIsReadThrough() throws {
        let file = CaptureBytes.pcap(packets: [(1, 0, [1, 2]), (2, 0, [3])])
        let packed = try gzip(Array(file[..<30])) + gzip(Array(file[30...]))
        #expect(try read(packed).packets.map(\.bytes) == [[1, 2], [3]])
    }

    @Test func aCutGzipKeepsWhatWasBefore() throws {
        let noise = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let packed = try gzip(CaptureBytes.pcap(packets: (0..<50).map { (UInt32($0), 0, noise) }))
        let (packets, ending) = try read(Array(packed[..<(packed.count / 2)]))
        #expect(packets.allSatisfy { $0.bytes == noise })
        #expect(ending != .complete)
    }

    @Test func everyTruncationOfAPcapKeepsThePacketsBefore() throws {
        let file = CaptureBytes.pcap(packets: [(1, 0, [1, 2, 3]), (2, 0, [4, 5])])
        for length in 24..<file.count {
            let (packets, ending) = try read(Array(file[..<length]))
            #expect(packets.count == (length < 43 ? 0 : 1))
            let isBetween = length == 24 || length == 43
            #expect(ending == (isBetween ? .complete : .cut(offset: length < 43 ? 24 : 43)))
        }
        for length in 0..<24 {
            #expect(throws: CaptureError.self) { try read(Array(file[..<length])) }
        }
    }

    @Test func everyTruncationOfAPcapngKeepsThePacketsBefore() throws {
        let start = CaptureBytes.section() + CaptureBytes.interface(1)
        let one = CaptureBytes.enhancedPacket(interface: 0, ticks: 1, [1, 2, 3])
        let file = start + one + one
        for length in start.count..<file.count {
            let (packets, ending) = try read(Array(file[..<length]))
            #expect(packets.count == (length - start.count) / one.count)
            if (length - start.count) % one.count != 0 {
                let whole = start.count + packets.count * one.count
                #expect(ending == .cut(offset: UInt64(whole)))
            }
        }
    }

    @Test func impossibleLengthsAreDamageWithAPlace() throws {
        var file = CaptureBytes.pcap(packets: [(1, 0, [1]), (2, 0, [2])])
        file.replaceSubrange(49..<53, with: [0xFF, 0xFF, 0xFF, 0xFF])
        let (packets, ending) = try read(file)
        #expect(packets.count == 1)
        guard case .damaged(let offset, _) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(offset == 41)
    }

    @Test func blocksWhoseLengthsDifferAreDamage() throws {
        var file = CaptureBytes.section() + CaptureBytes.interface(1)
        file += CaptureBytes.enhancedPacket(interface: 0, ticks: 1, [1, 2, 3, 4])
        file[file.count - 4] ^= 1
        guard case .damaged = try read(file).ending else {
            Issue.record("not noticed")
            return
        }
    }

    @Test func whatIsNoCaptureIsRefusedByName() throws {
        _ = try CaptureBytes.withFile(Array("this is not a capture at all".utf8)) { path in
            #expect(throws: CaptureError.notACapture(path: path)) { _ = try CaptureFile(path: path).packetCount }
        }
        #expect(throws: CaptureError.self) { _ = try CaptureFile(path: "/nowhere/at/all").packetCount }
    }

    private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let version = ZLIB_VERSION
        #expect(
            deflateInit2_(
                &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, version, Int32(MemoryLayout<z_stream>.size))
                == Z_OK)
        var input = bytes
        var out = [UInt8](repeating: 0, count: bytes.count + 1024)
        let size = input.withUnsafeMutableBufferPointer { source in
            out.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                return target.count - Int(stream.avail_out)
            }
        }
        deflateEnd(&stream)
        return Array(out[..<size])
    }
}
