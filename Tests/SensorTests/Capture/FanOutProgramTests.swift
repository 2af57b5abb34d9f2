import Shared
import Testing

@testable import Sensor

/// The program that the kernel shares packets out by, run here as the kernel runs it: classic BPF, with offsets from
/// the network header.
@Suite struct FanOutProgramTests {
    /// What the program returns for a frame; 0 where it reads beyond its end.
    private static func share(_ frame: [UInt8]) throws -> UInt32 {
        // The kernel has taken the first tag off (af_packet's receive hook).
        var (type, start) = (Int(frame[12]) << 8 | Int(frame[13]), 14)
        if type == 0x8100 || type == 0x88A8 {
            (type, start) = (Int(frame[16]) << 8 | Int(frame[17]), 18)
        }
        let packet = Array(frame[start...])
        let program = FanOutProgram().instructions
        var (a, x, memory, counter): (UInt32, UInt32, [UInt32], Int) = (0, 0, Array(repeating: 0, count: 16), 0)
        func read(_ offset: UInt32, _ size: Int) -> UInt32? {
            let at = Int(Int32(bitPattern: offset)) + 0x100000
            guard at >= 0, at + size <= packet.count else { return nil }
            return packet[at..<(at + size)].reduce(0) { $0 << 8 | UInt32($1) }
        }
        while true {
            let step = try #require(counter < program.count ? program[counter] : nil)
            counter += 1
            switch step.code {
            case 0x00: a = step.operand
            case 0x28: a = try #require(step.operand == UInt32(bitPattern: -0x1000) ? UInt32(type) : nil)
            case 0x40, 0x48, 0x50:
                guard let value = read(x &+ step.operand, [0x40: 4, 0x48: 2, 0x50: 1][step.code] ?? 0) else { return 0 }
                a = value
            case 0x60: a = memory[Int(step.operand)]
            case 0x61: x = memory[Int(step.operand)]
            case 0x02: memory[Int(step.operand)] = a
            case 0x04: a = a &+ step.operand
            case 0x07: x = a
            case 0x0C: a = a &+ x
            case 0x24: a = a &* step.operand
            case 0x54: a &= step.operand
            case 0x64: a <<= step.operand
            case 0x74: a >>= step.operand
            case 0xAC: a ^= x
            case 0x05: counter += Int(step.operand)
            case 0x15: counter += Int(a == step.operand ? step.yes : step.no)
            case 0x16: return a
            default: Issue.record("an instruction that is not known: \(step.code)")
            }
        }
    }

    private static func v4(_ ipProtocol: UInt8, _ isBack: Bool, host: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let (client, server): ([UInt8], [UInt8]) = ([10, 0, 0, host], [10, 0, 9, 1])
        return PacketBytes.ipv4(ipProtocol, from: isBack ? server : client, to: isBack ? client : server, payload)
    }

    private static func v6(_ next: UInt8, _ isBack: Bool, host: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let head: [UInt8] = [0xFD] + [UInt8](repeating: 0, count: 14)
        let (client, server) = (head + [host], head + [1])
        return [0x60, 0, 0, 0] + PacketBytes.word(payload.count) + [next, 64]
            + (isBack ? server + client : client + server) + payload
    }

    /// What two hosts say inside of a tunnel between two others, whose ends have other ports each way.
    private static func outer(_ ipProtocol: UInt8, _ isBack: Bool, _ payload: [UInt8]) -> [UInt8] {
        PacketBytes.ipv4(
            ipProtocol, from: [192, 0, 2, isBack ? 2 : 1], to: [192, 0, 2, isBack ? 1 : 2], payload)
    }

    private static func datagram(_ port: Int, _ isBack: Bool, _ payload: [UInt8]) -> [UInt8] {
        outer(17, isBack, PacketBytes.udp(from: isBack ? 50_001 : 50_002, to: port, payload))
    }

    /// Ways to carry a packet of IPv4, by name.
    private static let ways: [(String, @Sendable ([UInt8], Bool) -> [UInt8])] = [
        ("Ethernet", { packet, _ in PacketBytes.ethernet(0x0800, packet) }),
        ("VLAN", { packet, isBack in PacketBytes.ethernet(0x8100, [0, isBack ? 7 : 8, 8, 0] + packet) }),
        ("QinQ", { packet, _ in PacketBytes.ethernet(0x88A8, [0, 7, 0x81, 0, 0, 8, 8, 0] + packet) }),
        (
            "four tags",
            { PacketBytes.ethernet(0x88A8, Wire.hex("0007 8100 0008 8100 0009 8100 000a 0800") + $0 + [$1 ? 1 : 0]) }
        ),
        (
            "MPLS",
            { packet, isBack in PacketBytes.ethernet(0x8847, [0, isBack ? 9 : 1, 0x10, 64, 0, 0, 0x11, 64] + packet) }
        ),
        (
            "MPLS with Ethernet, without a control word",
            {
                let frame = PacketBytes.ethernet(0x0800, $0)
                return PacketBytes.ethernet(0x8847, [0, 0, 0x11, 64] + ($1 ? [0xA2] + frame.dropFirst() : frame))
            }
        ),
        (
            "MPLS with Ethernet",
            { packet, _ in
                PacketBytes.ethernet(0x8847, [0, 0, 0x11, 64, 0, 0, 0, 0] + PacketBytes.ethernet(0x0800, packet))
            }
        ),
        ("PPPoE", { packet, _ in PacketBytes.ethernet(0x8864, [0x11, 0, 0, 1, 0, 33, 0, 0x21] + packet) }),
        ("IP in IP", { PacketBytes.ethernet(0x0800, outer(4, $1, $0)) }),
        (
            "GRE",
            { PacketBytes.ethernet(0x0800, outer(47, $1, [0xB0, 0, 8, 0] + [UInt8](repeating: 9, count: 12) + $0)) }
        ),
        (
            "NVGRE",
            {
                let frame = PacketBytes.ethernet(0x0800, $0)
                return PacketBytes.ethernet(0x0800, outer(47, $1, [0x20, 0, 0x65, 0x58, 0, 0, 9, 0] + frame))
            }
        ),
        (
            "ERSPAN II",
            {
                let frame = PacketBytes.ethernet(0x8100, [0, 5, 8, 0] + $0)
                let head: [UInt8] = [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 0, 0, 1, 0, 0, 0, 0]
                return PacketBytes.ethernet(0x0800, outer(47, $1, head + frame))
            }
        ),
        (
            "ERSPAN III",
            {
                let head: [UInt8] = [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1] + [UInt8](repeating: 2, count: 11) + [1]
                let frame = [UInt8](repeating: 7, count: 8) + PacketBytes.ethernet(0x0800, $0)
                return PacketBytes.ethernet(0x0800, outer(47, $1, head + frame))
            }
        ),
        (
            "VXLAN",
            {
                let frame = [8, 0, 0, 0, 0, 0, $1 ? 7 : 6, 0] + PacketBytes.ethernet(0x0800, $0)
                return PacketBytes.ethernet(0x0800, datagram(4789, $1, frame))
            }
        ),
        (
            "VXLAN-GPE",
            {
                let frame = [0x0C, 0, 0, 3, 0, 0, 9, 0] + PacketBytes.ethernet(0x0800, $0)
                return PacketBytes.ethernet(0x0800, datagram(4790, $1, frame))
            }
        ),
        (
            "Geneve",
            {
                let frame = [2, 0, 0x65, 0x58, 0, 0, 9, 0] + [UInt8](repeating: 3, count: 8)
                return PacketBytes.ethernet(0x0800, datagram(6081, $1, frame + PacketBytes.ethernet(0x0800, $0)))
            }
        ),
        (
            "VXLAN over IPv6",
            {
                let frame = [8, 0, 0, 0, 0, 0, 6, 0] + PacketBytes.ethernet(0x0800, $0)
                let outer = v6(17, $1, host: 3, PacketBytes.udp(from: $1 ? 50_001 : 50_002, to: 4789, frame))
                return PacketBytes.ethernet(0x86DD, outer)
            }
        ),
    ]

    /// Both directions of all connections of two hosts, in whatever they come, go to the worker of their addresses.
    @Test(arguments: Self.ways.map(\.0)) func hostsShareAWorkerInsideOfWhatever(name: String) throws {
        let way = try #require(Self.ways.first { $0.0 == name }).1
        var shares: Set<UInt32> = []
        for host in UInt8(2)...65 {
            let plain = PacketBytes.ethernet(0x0800, Self.v4(6, false, host: host, [1]))
            let expected = try Self.share(plain)
            for (isBack, ports) in [(false, (1000, 80)), (true, (80, 1000)), (false, (1001, 53)), (true, (53, 1001))] {
                let content = PacketBytes.tcp(from: ports.0, to: ports.1, sequence: 1, flags: 2)
                let share = try Self.share(way(Self.v4(6, isBack, host: host, content), isBack))
                if name != "four tags" { #expect(share == expected) }
                shares.insert(share % 4)
            }
        }
        // Hosts are spread over the workers, but behind more tags than are read.
        #expect(shares.count == (name == "four tags" ? 1 : 4))
    }

    /// Questions over IPv6 are whole, and their answers may come in fragments, of which the second has no ports.
    @Test func fragmentsGoWithTheirHosts() throws {
        for host in UInt8(2)...65 {
            let question = Self.v6(17, false, host: host, PacketBytes.udp(from: 1000, to: 53, [1]))
            let answers = [
                [17, 0, 0, 1, 0, 0, 0, 7] + PacketBytes.udp(from: 53, to: 1000, [1]), [17, 0, 0, 9, 0, 0, 0, 7, 1],
            ]
            let expected = try Self.share(PacketBytes.ethernet(0x86DD, question))
            for answer in answers as [[UInt8]] {
                let frame = PacketBytes.ethernet(0x86DD, Self.v6(44, true, host: host, answer))
                #expect(try Self.share(frame) == expected)
            }
            let part = PacketBytes.ipv4(17, from: [10, 0, 9, 1], to: [10, 0, 0, host], fragment: 185, [1, 2, 3])
            let whole = Self.v4(17, false, host: host, PacketBytes.udp(from: 1000, to: 53, [1]))
            #expect(
                try Self.share(PacketBytes.ethernet(0x0800, part)) == Self.share(PacketBytes.ethernet(0x0800, whole)))
        }
    }

    /// Cut anywhere, the program ends, and what is cut behind the addresses goes where the whole goes.
    @Test(arguments: Self.ways.map(\.0)) func cutPacketsAreShared(name: String) throws {
        let way = try #require(Self.ways.first { $0.0 == name }).1
        let frame = way(Self.v4(6, false, host: 7, PacketBytes.tcp(from: 1, to: 2, sequence: 1, flags: 2)), false)
        let whole = try Self.share(frame)
        for length in 18..<frame.count {
            let share = try Self.share(Array(frame[..<length]))
            if length >= frame.count - 20 { #expect(share == whole) }
        }
    }

    /// Pairs whose addresses differ in the same bits, as gateways and hosts of many networks do.
    @Test func pairsThatDifferAlikeAreSpread() throws {
        var counts = [0, 0, 0, 0]
        for network in UInt8(0)..<200 {
            let packet = PacketBytes.ipv4(
                6, from: [10, 0, network, 10], to: [10, 0, network, 20],
                PacketBytes.tcp(from: 1000, to: 80, sequence: 1, flags: 2))
            counts[Int(try Self.share(PacketBytes.ethernet(0x0800, packet)) % 4)] += 1
        }
        #expect(counts.allSatisfy { $0 > 25 })
    }

    @Test func whatHandsOutAddressesGoesToOneWorker() throws {
        var shares: Set<UInt32> = []
        for (from, to, ports) in [
            ([0, 0, 0, 0], [255, 255, 255, 255], (68, 67)), ([10, 0, 0, 1], [10, 0, 0, 77], (67, 68)),
            ([10, 9, 0, 1], [10, 0, 0, 1], (67, 67)),
        ] as [([UInt8], [UInt8], (Int, Int))] {
            let packet = PacketBytes.ipv4(17, from: from, to: to, PacketBytes.udp(from: ports.0, to: ports.1, [1]))
            shares.insert(try Self.share(PacketBytes.ethernet(0x0800, packet)))
        }
        #expect(shares.count == 1)
    }
}
