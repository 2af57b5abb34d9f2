import Shared

@testable import Sensor

/// An analyzer for tests: takes streams that begin with "T" and writes what it gets as `weird` records.
struct EchoAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "echo"
    /// What begins with "n" is decided when a "T" comes, alone or behind it.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.starts(with: "T") { return .match }
        guard payload.starts(with: "n") else { return .noMatch }
        return payload.firstIndex(of: 0x54) == nil ? .needMore : .match
    }
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if payload.starts(with: "BAD") { throw .invalid(.magic) }
        sink.weird("piece", detail: payload.text(), source: "echo")
        return .wantMore
    }
    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        sink.weird("hole", detail: "\(byteCount)", source: "echo")
        return .wantMore
    }
    mutating func finish(into sink: inout RecordSink) { sink.weird("end", source: "echo") }
}

/// Takes datagrams when three of a side begin with "D", and writes what it gets with its times.
struct SeriesAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "series"
    static let transports: Transports = .udp
    static let fewestDatagrams = 3
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        payload.starts(with: "D") ? .needMore : .noMatch
    }
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult {
        held.count(side) >= 3 && held.bytes[side].last != 0x21 ? .match : .needMore
    }
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let milliseconds = (sink.now - Timestamp(nanoseconds: 1_700_000_000_000_000_000)).nanoseconds / 1_000_000
        sink.weird(side == .originator ? "o" : "r", detail: "\(payload.text())@\(milliseconds)", source: "series")
        return .wantMore
    }
}

/// A conversation between 10.0.0.1:1000 and 10.0.0.2:80.
struct PacketScript: ~Copyable {
    var engine: FlowEngine
    var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    init(
        settings: FlowSettings = FlowSettings(),
        analyzers: [any ProtocolAnalyzer.Type] = [EchoAnalyzer.self, SeriesAnalyzer.self]
    ) {
        engine = FlowEngine(settings: settings, analyzers: analyzers)
    }

    mutating func send(_ bytes: [UInt8], after: Interval = .milliseconds(10), wireLength: Int? = nil) {
        time = time + after
        bytes.withUnsafeBytes {
            engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: wireLength ?? bytes.count))
        }
    }

    mutating func client(
        _ flags: UInt8, _ sequence: UInt32, _ acknowledgement: UInt32 = 0, _ data: String = "", port: Int = 1000,
        service: Int = 80
    ) {
        send(
            PacketBytes.ipv4(
                6,
                PacketBytes.tcp(
                    from: port, to: service, sequence: sequence, acknowledgement: acknowledgement, flags: flags,
                    Array(data.utf8))))
    }

    mutating func server(
        _ flags: UInt8, _ sequence: UInt32, _ acknowledgement: UInt32 = 0, _ data: String = "", port: Int = 1000,
        service: Int = 80
    ) {
        send(
            PacketBytes.ipv4(
                6, from: [10, 0, 0, 2], to: [10, 0, 0, 1],
                PacketBytes.tcp(
                    from: service, to: port, sequence: sequence, acknowledgement: acknowledgement, flags: flags,
                    Array(data.utf8))))
    }

    mutating func datagram(_ side: Side, _ text: String) {
        let data = Array(text.utf8)
        if side == .originator {
            send(PacketBytes.ipv4(17, PacketBytes.udp(from: 1000, to: 80, data)))
        } else {
            send(
                PacketBytes.ipv4(
                    17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], PacketBytes.udp(from: 80, to: 1000, data)))
        }
    }

    mutating func handshake() {
        client(2, 100)
        server(0x12, 500, 101)
        client(0x10, 101, 501)
    }

    mutating func end() -> [RecordView] {
        engine.finish()
        return records()
    }

    mutating func records() -> [RecordView] {
        let batch = engine.takeBatch()
        return batch.tables.indices.flatMap { table in
            (0..<batch.tables[table].rowCount).map { RecordView(batch: batch, tableIndex: table, row: $0) }
        }
    }
}

extension [RecordView] {
    func of(_ name: String) -> [RecordView] { filter { $0.kind.name == name } }
    var pieces: [String] {
        of("weird").map { ($0[Records.weird.name] ?? "") + ":" + ($0[Records.weird.addl] ?? "") }
    }
}
