internal import Shared

/// EtherNet/IP over TCP and UDP (CIP Networks Library volume 2): messages of the encapsulation, what is asked of
/// objects with the Common Industrial Protocol, and what devices say of themselves.
struct ENIPAnalyzer: FramedAnalyzer {
    static let service: StaticString = "enip"
    static let transports: Transports = [.tcp, .udp]

    /// Bytes of a message that are read; of a longer one, the beginning. Explicit messages have about 500, large
    /// connections 4,000.
    static let frameLimit = 4096

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var messages = CIPMessages()

    var heldBytes: Int { streams.heldBytes + messages.heldBytes }

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if ENIPFrame.isMessage(payload, from: side) || ENIPFrame.isCyclic(payload) { return .match }
        return ENIPFrame.mayBegin(payload, from: side) ? .needMore : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        // Of data that is carried many times a second, that it is there is enough.
        if sink.connection.transport == .udp, ENIPFrame.isCyclic(payload) { return .wantMore }
        try takeFrames(of: payload, from: side, into: &sink)
        if sink.connection.transport == .udp { streams[side].reset() }
        return .wantMore
    }

    func beginsFrame(_ segment: RawSpan, from side: Side) -> Bool { ENIPFrame.isMessage(segment, from: side) }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.byteCount >= ENIPFrame.headerLength else { return 0 }
        guard ENIPNames.commands[try bytes.readLE(at: 0, as: UInt16.self)] != nil else { throw .invalid(.type) }
        return ENIPFrame.headerLength + Int(try bytes.readLE(at: 2, as: UInt16.self))
    }

    mutating func takeFrame(_ message: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        try writeHeader(message, from: side, into: &sink)
        let offset: Int
        switch try message.readLE(at: 0, as: UInt16.self) {
        case 0x63: offset = 24
        case 0x6F, 0x70: offset = 30
        default: return
        }
        // A request for identities, or a refusal, has no items.
        guard message.byteCount >= offset + 2 else { return }
        var reader = ByteReader(message.extracting(droppingFirst: offset).withUnsafeBytes { Array($0) })
        let context = CIPExchange.context(try message.readBE(at: 12))
        let count = Swift.min(Int(try reader.le(UInt16.self)), ENIPFrame.itemLimit)
        for _ in 0..<count {
            let type = try reader.le(UInt16.self)
            let length = Int(try reader.le(UInt16.self))
            // The end of a long message may not be here.
            var item = try reader.reader(Swift.min(length, reader.count))
            switch type {
            case 0x000C: CIPIdentity.write(item, from: side, into: &sink)
            case 0x00B1:
                let sequence = try item.le(UInt16.self)
                messages.write(item, .sequence(sequence), from: side, into: &sink)
            case 0x00B2: messages.write(item, context, from: side, into: &sink)
            default: break
            }
        }
    }

    private func writeHeader(_ message: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let command = try message.readLE(at: 0, as: UInt16.self)
        let status = try message.readLE(at: 8, as: UInt32.self)
        let session = try message.readLE(at: 4, as: UInt32.self)
        let options = try message.readLE(at: 20, as: UInt32.self)
        let length = try message.readLE(at: 2, as: UInt16.self)
        let enip = Records.enip
        sink.begin(enip)
        sink.batch.set(enip.isOrig, side == .originator)
        sink.batch.set(enip.commandCode, Hexadecimal.code(command, digits: 2))
        sink.batch.set(enip.command, ENIPNames.commands, command, otherwise: "unknown")
        sink.batch.set(enip.length, UInt64(length))
        sink.batch.set(enip.sessionHandle, Hexadecimal.code(session, digits: 8))
        let unknown = "Unknown ENIP Status-\(Hexadecimal.code(status, digits: 2))"
        sink.batch.set(enip.status, ENIPNames.statuses, status, otherwise: unknown)
        sink.batch.set(enip.senderContext, "0x" + Hexadecimal.text(of: message.extracting(12..<20)))
        sink.batch.set(enip.options, Hexadecimal.code(options, digits: 8))
        sink.end()
    }
}
