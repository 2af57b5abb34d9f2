import Foundation
import Shared
import Testing

@testable import Sensor

/// Several workers see what one sees.
@Suite struct ParallelCaptureTests {
    /// Records as text, in an order of their own, without those about the workers themselves.
    private static func records<Source: CaptureReading & ~Copyable>(_ source: inout Source) throws -> [String] {
        var lines: [String] = []
        while let batch = try source.nextBatch() {
            for table in batch.tables where table.kind.name != "stats" {
                let columns = ZeekColumn.all(of: table.kind)
                for row in 0..<table.rowCount {
                    var line: [UInt8] = []
                    JSONRecordWriter.write(table, columns, row, batch.strings, into: &line)
                    lines.append(table.kind.name + String(decoding: line, as: UTF8.self))
                }
            }
        }
        return lines.sorted()
    }

    @Test(arguments: [1, 2, 5]) func severalWorkersWriteTheRecordsThatOneWrites(workers: Int) throws {
        // One after the other, as days of one network: each begins anew, since times between captures are long.
        let paths = Fixtures.all.filter { ["dns", "http", "smb", "ssl", "ftp", "smtp"].contains($0.service) }.map(
            \.path)
        for path in paths {
            var single = CaptureSource(paths: [path])
            let expected = try Self.records(&single)
            var parallel = ParallelCaptureSource(paths: [path], workers: workers)
            let found = try Self.records(&parallel)
            #expect(found.filter { !$0.hasPrefix("weird_stats") } == expected.filter { !$0.hasPrefix("weird_stats") })
            #expect(parallel.counters.packets == single.counters.packets)
            #expect(parallel.counters.begun == parallel.counters.accounted)
        }
    }

    @Test func aCaptureThatCannotBeReadIsToldAndTheOthersAreRead() throws {
        let good = try #require(Fixtures.all.first { $0.service == "dns" }).path
        var source = ParallelCaptureSource(paths: ["/nonexistent.pcap", good], workers: 2)
        #expect(throws: SourceError.self) { try source.nextBatch() }
        #expect(try !Self.records(&source).isEmpty)
    }

    @Test func bothDirectionsAndAllFragmentsGoToOneWorker() {
        let there = PacketBytes.ipv4(17, PacketBytes.udp(from: 1, to: 2, [1]))
        let back = PacketBytes.ipv4(17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], PacketBytes.udp(from: 2, to: 1, [1]))
        let rest = PacketBytes.ipv4(17, fragment: 10, [1, 2, 3])
        var workers: Set<Int> = []
        for packet in [there, back, rest] {
            packet.withUnsafeBytes {
                let captured = CapturedPacket(
                    time: .distantPast, linkType: .raw, bytes: $0, wireLength: packet.count)
                workers.insert(PacketShare.worker(of: captured, among: 16))
            }
        }
        #expect(workers.count == 1)
    }

    /// An access point puts several frames together (IEEE 802.11-2020 section 9.3.2.2.2), and answers come alone or so.
    @Test func framesThatAreAggregatedGoToTheWorkerOfTheirHosts() {
        func aggregate(_ packet: [UInt8]) -> [UInt8] {
            let content = Wire.hex("aaaa 0300 0000 0800") + packet
            return Wire.hex("8801 0000") + [UInt8](repeating: 2, count: 18) + Wire.hex("0000 8000")
                + [UInt8](repeating: 2, count: 12) + PacketBytes.word(content.count) + content
        }
        for host in UInt8(1)...20 {
            let there = PacketBytes.ipv4(17, from: [10, 0, 0, host], PacketBytes.udp(from: 1, to: 2, [1]))
            let back = PacketBytes.ipv4(
                17, from: [10, 0, 0, 2], to: [10, 0, 0, host], PacketBytes.udp(from: 2, to: 1, [1]))
            var workers: [Int] = []
            for (packet, link) in [(there, LinkType.raw), (aggregate(back), .ieee80211)] {
                packet.withUnsafeBytes {
                    let captured = CapturedPacket(
                        time: .distantPast, linkType: link, bytes: $0, wireLength: packet.count)
                    workers.append(PacketShare.worker(of: captured, among: 16))
                }
            }
            #expect(workers[0] == workers[1])
        }
    }

    /// `tcpdump -C` numbers its files from the second on; a link back into the folder reads nothing twice.
    @Test func rotatedCapturesAreReadInTheirOrderAndOnce() throws {
        let folder = NSTemporaryDirectory() + "/meneki-paths-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let names = ["a.pcap", "a.pcap1", "a.pcap2", "a.pcap10", "b2.pcapng", "c.pcap.gz", "c.pcap1.gz", "D.PCAP.3"]
        for name in names + ["notes.txt", "a.pcap.old", "7"] {
            try Data().write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        try FileManager.default.createSymbolicLink(atPath: folder + "/again", withDestinationPath: ".")
        #expect(CapturePaths.expand(folder) == names.map { folder + "/" + $0 })
    }

    /// RFC 2131 section 4.1: offers go to everybody or to the address that they offer, and relays stand between.
    @Test func whatHandsOutAddressesGoesToOneWorker() {
        let messages: [(from: [UInt8], to: [UInt8], ports: (Int, Int))] = [
            ([0, 0, 0, 0], [255, 255, 255, 255], (68, 67)), ([10, 0, 0, 1], [10, 0, 0, 77], (67, 68)),
            ([10, 9, 0, 1], [10, 0, 0, 1], (67, 67)), ([10, 0, 0, 77], [10, 0, 0, 1], (68, 67)),
        ]
        var workers: Set<Int> = []
        for message in messages {
            let datagram = PacketBytes.udp(from: message.ports.0, to: message.ports.1, [1])
            let packet = PacketBytes.ipv4(17, from: message.from, to: message.to, datagram)
            packet.withUnsafeBytes {
                let captured = CapturedPacket(time: .distantPast, linkType: .raw, bytes: $0, wireLength: packet.count)
                workers.insert(PacketShare.worker(of: captured, among: 64))
            }
        }
        #expect(workers.count == 1)
    }
}
