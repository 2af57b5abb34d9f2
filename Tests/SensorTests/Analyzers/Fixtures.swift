import Foundation
import Testing

@testable import Sensor

/// The captures in Tests/Fixtures.
enum Fixtures {
    struct Case: Sendable, CustomTestStringConvertible {
        let service: String
        let path: String
        var testDescription: String { "\(service)/\((path as NSString).lastPathComponent)" }
        /// The expected records beside the capture.
        var expectedPath: String { (path as NSString).deletingPathExtension + ".jsonl" }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    /// All captures of the folders that are named after a service.
    static let all: [Case] = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
        return folders.sorted().filter { $0 != "quickstart" }.flatMap { folder in
            let path = root.appending(path: folder).path()
            let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return files.sorted().filter { $0.hasSuffix(".pcap") }
                .map { Case(service: folder, path: path + "/" + $0) }
        }
    }()

    static func of(_ service: StaticString) -> [Case] { all.filter { $0.service == "\(service)" } }

    /// The payloads of a capture by connection, in the order of their packets.
    static func conversations(in path: String) throws -> [Conversation] {
        var found: [String: Int] = [:]
        var conversations: [Conversation] = []
        for frame in try frames(in: path) {
            guard let segment = Segment(frame) else { continue }
            let key = segment.key(from: .originator)
            if let index = found[key] ?? found[segment.key(from: .responder)] {
                conversations[index].add(segment)
            } else {
                found[key] = conversations.count
                conversations.append(Conversation(first: segment))
            }
        }
        return conversations.filter { !$0.pieces.isEmpty }
    }

    /// Bytes of headers in front of IP by link type: null, Ethernet, PPP, raw (two numbers), Linux cooked.
    private static let linkHeaders = [0: 4, 1: 14, 9: 2, 12: 0, 101: 0, 113: 16]

    /// Packets of a little-endian pcap file, with 14 bytes in front of IP whatever the link.
    private static func frames(in path: String) throws -> [[UInt8]] {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        func little(_ offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
        }
        guard bytes.count > 24, little(0) == 0xA1B2_C3D4, let header = linkHeaders[little(20)] else { return [] }
        var frames: [[UInt8]] = []
        var offset = 24
        while offset + 16 <= bytes.count, offset + 16 + little(offset + 8) <= bytes.count {
            let frame = bytes[(offset + 16)..<(offset + 16 + little(offset + 8))]
            let isTagged = header == 14 && frame.dropFirst(12).starts(with: [0x81, 0x00])
            frames.append([UInt8](repeating: 0, count: 14) + frame.dropFirst(header + (isTagged ? 4 : 0)))
            offset += 16 + little(offset + 8)
        }
        return frames
    }
}

/// What the two sides of one connection said.
struct Conversation {
    let transport: Transport
    let responderPort: UInt16
    private(set) var pieces: [(side: Side, bytes: [UInt8])] = []
    private let originator: String
    private var next: [Side: UInt32] = [:]

    init(first: Segment) {
        transport = first.transport
        originator = first.source
        responderPort = first.destinationPort
        add(first)
    }

    /// Drops pieces behind the first `limit` bytes.
    mutating func keep(_ limit: Int) {
        var total = 0
        pieces = Array(
            pieces.prefix { piece in
                total += piece.bytes.count
                return total <= limit || total == piece.bytes.count
            })
    }

    mutating func add(_ segment: Segment) {
        let side: Side = segment.source == originator ? .originator : .responder
        if segment.isSYN { next[side] = segment.sequence &+ 1 }
        guard !segment.payload.isEmpty else { return }
        if transport == .tcp {
            guard segment.sequence == next[side, default: segment.sequence] else { return }
            next[side] = segment.sequence &+ UInt32(segment.payload.count)
        }
        pieces.append((side, segment.payload))
    }
}

/// A TCP segment or UDP datagram of a frame with IP at offset 14.
struct Segment {
    let transport: Transport
    let source, destination: String
    let destinationPort: UInt16
    let sequence: UInt32
    let isSYN: Bool
    let payload: [UInt8]

    init?(_ frame: [UInt8]) {
        guard frame.count > 54, let network = Self.network(frame) else { return nil }
        let (start, end, number) = network
        func big(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 << 8 | Int(frame[start + offset + $1]) }
        }
        guard let transport = Transport(rawValue: number), end <= frame.count, start + 8 <= end else { return nil }
        let addresses = frame[14] >> 4 == 4 ? (26..<30, 30..<34) : (22..<38, 38..<54)
        self.transport = transport
        destinationPort = UInt16(big(2, 2))
        source = "\(Array(frame[addresses.0])) \(big(0, 2))"
        destination = "\(Array(frame[addresses.1])) \(big(2, 2))"
        guard transport == .tcp else {
            (sequence, isSYN) = (0, false)
            payload = transport == .udp ? Array(frame[(start + 8)..<end]) : []
            return
        }
        guard start + 20 <= end else { return nil }
        sequence = UInt32(big(4, 4))
        isSYN = frame[start + 13] & 2 != 0
        payload = Array(frame[Swift.min(start + Int(frame[start + 12] >> 4) * 4, end)..<end])
    }

    /// Start and end of the transport segment, and its protocol.
    private static func network(_ frame: [UInt8]) -> (Int, Int, UInt8)? {
        switch frame[14] >> 4 {
        case 4:
            let total = Int(frame[16]) << 8 | Int(frame[17])
            return (14 + Int(frame[14] & 15) * 4, total == 0 ? frame.count : 14 + total, frame[23])
        case 6: return (54, 54 + (Int(frame[18]) << 8 | Int(frame[19])), frame[20])
        default: return nil
        }
    }

    func key(from side: Side) -> String {
        side == .originator ? "\(transport) \(source) \(destination)" : "\(transport) \(destination) \(source)"
    }
}
