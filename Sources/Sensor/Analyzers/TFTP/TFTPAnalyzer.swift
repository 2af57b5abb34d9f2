internal import Shared

/// Trivial File Transfer Protocol (RFC 1350, RFC 2347): a record of the request. The file itself goes through a
/// connection of its own, or through the same where the server keeps to its port.
struct TFTPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "tftp"
    static let transports: Transports = .udp

    /// Bytes of a request (RFC 2347: it fits one datagram of 512).
    private static let requestLimit = 512
    /// Names of options and their values in one request.
    private static let textLimit = 24

    private static let modes: [StaticString] = ["octet", "netascii", "mail"]

    private var transfer: TFTPTransfer?
    /// The last request.
    private var request: [UInt8] = []

    init() {}

    var heldBytes: Int { request.count + (transfer?.heldBytes ?? 0) }

    /// Read or write, a name, one of three modes, and options in pairs, each ended by a zero.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount >= 9, payload.byteCount <= requestLimit,
            let operation: UInt16 = try? payload.readBE(at: 0), operation == 1 || operation == 2,
            let name = payload.firstIndex(of: 0, from: 2), name > 2,
            let mode = payload.firstIndex(of: 0, from: name + 1),
            modes.contains(where: { HTTPText.equals(payload.extracting((name + 1)..<mode), $0) })
        else { return .noMatch }
        var (offset, count) = (mode + 1, 0)
        while offset < payload.byteCount, count < textLimit {
            guard let end = payload.firstIndex(of: 0, from: offset) else { return .noMatch }
            (offset, count) = (end + 1, count + 1)
        }
        guard count % 2 == 0, offset == payload.byteCount else { return .noMatch }
        for index in 2..<name {
            guard let letter = try? payload.byte(at: index), letter >= 0x20 else { return .noMatch }
        }
        return .match
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if case .match = Self.probe(payload, from: side) {
            try take(request: payload, from: side, into: &sink)
        } else {
            try transfer?.take(payload, from: side, into: &sink)
        }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) { transfer?.finish(into: &sink) }

    private mutating func take(
        request payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let bytes = payload.withUnsafeBytes { Array($0) }
        // Who gets no answer asks again.
        if bytes == request, let transfer, !transfer.hasBegun,
            sink.memories.tftpDataChannels.isAwaited(transfer.number)
        {
            return
        }
        guard let name = payload.firstIndex(of: 0, from: 2),
            let mode = payload.firstIndex(of: 0, from: name + 1)
        else { return }
        request = bytes
        transfer?.finish(into: &sink)
        let filename = payload.extracting(2..<name).text()
        let tftp = Records.tftp
        sink.begin(tftp)
        sink.batch.set(tftp.wrq, try payload.readBE(at: 0, as: UInt16.self) == 2)
        sink.batch.set(tftp.fname, filename)
        sink.batch.set(tftp.mode, payload.extracting((name + 1)..<mode).text())
        sink.end()
        let connection = sink.connection
        let isOriginator = side == .originator
        let asking = DataChannels.Endpoint(
            address: isOriginator ? connection.originator : connection.responder,
            port: isOriginator ? connection.originatorPort : connection.responderPort)
        let number = sink.memories.tftpDataChannels.agree([asking], at: sink.now)
        sink.memories.tftpDataChannels[number]?.filename = filename
        transfer = TFTPTransfer(number)
    }
}
