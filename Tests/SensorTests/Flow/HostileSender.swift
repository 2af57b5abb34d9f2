import Glibc
import Shared

@testable import Sensor

/// Sends what an attacker would, as packets into an engine, and keeps account of what that costs.
struct HostileSender: ~Copyable {
    /// Payload of a packet, unless told otherwise.
    static let segmentSize = 1400

    var engine: FlowEngine
    private(set) var payloadByteCount = 0
    private(set) var packetCount = 0
    private(set) var recordCount = 0
    /// CPU time of this thread inside of the engine.
    private(set) var cpuMicroseconds = 0.0
    /// How slow the machine was meanwhile.
    private(set) var yardstick = Yardstick()
    /// Services that the sensor named on the way.
    private(set) var services: Set<String> = []
    /// Compressed content is sent.
    var unfoldsContent = false
    private var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    private var number = 0
    private var responderPort = 80
    private var sequences = PerSide<UInt32>(originator: 1, responder: 1)

    init(settings: FlowSettings = FlowSettings()) { engine = FlowEngine(settings: settings) }

    /// Begins a TCP connection, the next of many.
    /// - Parameter again: it is the last client's, to another port.
    mutating func open(port: Int, again: Bool = false) {
        if !again { number += 1 }
        responderPort = port
        sequences = PerSide(originator: 1, responder: 1)
        segment([], from: .originator, flags: 0x02)
        segment([], from: .responder, flags: 0x12)
        segment([], from: .originator, flags: 0x10)
    }

    /// The next bytes of one side, in segments of at most `size` bytes.
    mutating func send(_ bytes: [UInt8], from side: Side = .originator, size: Int = HostileSender.segmentSize) {
        var start = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            segment(Array(bytes[start..<end]), from: side, flags: 0x18)
            start = end
        }
    }

    mutating func send(_ text: String, from side: Side = .originator) { send(Array(text.utf8), from: side) }

    /// Ends the connection from both sides, or with a reset.
    mutating func close(resetBy side: Side? = nil) {
        if let side { return segment([], from: side, flags: 0x14) }
        segment([], from: .originator, flags: 0x11)
        segment([], from: .responder, flags: 0x11)
        segment([], from: .originator, flags: 0x10)
    }

    /// Passes over bytes of one side, which never come.
    mutating func leaveOut(_ byteCount: Int, from side: Side) {
        sequences[side] &+= UInt32(truncatingIfNeeded: byteCount)
    }

    private mutating func segment(_ payload: [UInt8], from side: Side, flags: UInt8) {
        let isOriginator = side == .originator
        let sequence = sequences[side]
        sequences[side] &+= UInt32(payload.count) &+ (flags & 3 == 0 ? 0 : 1)
        give(
            6,
            PacketBytes.tcp(
                from: isOriginator ? 40_000 : responderPort, to: isOriginator ? responderPort : 40_000,
                sequence: sequence, acknowledgement: flags & 0x10 == 0 ? 0 : sequences[side.other], flags: flags,
                payload), from: side, payloadByteCount: payload.count)
    }

    /// A datagram of the connection with this number.
    mutating func datagram(_ payload: [UInt8], from side: Side = .originator, flow: Int = 0, port: Int) {
        number = flow
        let isOriginator = side == .originator
        let bytes = PacketBytes.udp(from: isOriginator ? 40_000 : port, to: isOriginator ? port : 40_000, payload)
        give(17, bytes, from: side, payloadByteCount: payload.count)
    }

    private mutating func give(_ ipProtocol: UInt8, _ bytes: [UInt8], from side: Side, payloadByteCount: Int) {
        let client = [10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
        let server: [UInt8] = [192, 0, 2, 1]
        let isOriginator = side == .originator
        give(
            PacketBytes.ipv4(
                ipProtocol, from: isOriginator ? client : server, to: isOriginator ? server : client, bytes),
            payloadByteCount: payloadByteCount)
    }

    /// An IP packet as it stands.
    mutating func give(_ packet: [UInt8], payloadByteCount: Int) {
        time = time + Interval(nanoseconds: 1000)
        self.payloadByteCount += payloadByteCount
        packetCount += 1
        let before = Yardstick.threadMicroseconds()
        packet.withUnsafeBytes {
            engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: packet.count))
        }
        cpuMicroseconds += Yardstick.threadMicroseconds() - before
        yardstick.keepUp(with: cpuMicroseconds)
        if packetCount <= 200 { noteServices() }
        if engine.isBatchFull { recordCount += engine.takeBatch().recordCount }
    }

    private mutating func noteServices() {
        for case let analysis? in engine.analyses { for service in analysis.services { services.insert("\(service)") } }
    }

    /// Ends all connections.
    mutating func finish() {
        let before = Yardstick.threadMicroseconds()
        engine.finish()
        cpuMicroseconds += Yardstick.threadMicroseconds() - before
        for batch in engine.takeBatches() { recordCount += batch.recordCount }
    }

    // MARK: the budget

    #if DEBUG
        /// Unoptimised code is slower by about this.
        private static let slowness = 20.0
    #else
        /// So is code under a sanitizer, of which `./meneki test --sanitize` tells.
        private static let slowness = getenv("MENEKI_SANITIZER") == nil ? 1.0 : 20.0
    #endif

    /// What may be spent in all: by byte, by packet, and by record that comes out; and what content may unfold to,
    /// which libraries work on that are always optimised. More on a machine that is slow meanwhile.
    var allowedMicroseconds: Double {
        let kilobytes = Double(payloadByteCount) / 1024
        let own = 20 * kilobytes + 5 * Double(packetCount) + 10 * Double(recordCount) + 500
        let unfolded =
            kilobytes * Double(UnfoldingAllowance.usualRatio)
            + Double(UnfoldingAllowance.bytesPerSecond) / 1024
        return yardstick.slowness * (Self.slowness * own + 4 * (unfoldsContent ? unfolded : 0))
    }

    /// Bytes that all connections hold, counted through everything that their analyses own.
    var heldBytes: Int {
        var count = HeldBytes()
        for case let analysis? in engine.analyses { count.add(analysis) }
        return count.total
    }
}

/// Counts the bytes behind a value: through structures, collections and objects, each object once.
struct HeldBytes {
    private(set) var total = 0
    private var seen: Set<ObjectIdentifier> = []

    mutating func add(_ value: Any) {
        switch value {
        case let bytes as [UInt8]: total += 32 + bytes.capacity
        case let bytes as ArraySlice<UInt8>: total += 32 + bytes.count
        case let text as String: total += 16 + text.utf8.count
        case let inflater as ContentInflater:
            // The window and state of zlib, beside the piece that comes out.
            total += 44_000 + 16_384
            seen.insert(ObjectIdentifier(inflater))
        default: addParts(of: value)
        }
    }

    private mutating func addParts(of value: Any) {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .class {
            guard seen.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
            total += 32
        }
        total += MemoryLayout.size(ofValue: value)
        var next: Mirror? = mirror
        while let level = next {
            for child in level.children { add(child.value) }
            next = level.superclassMirror
        }
    }
}
