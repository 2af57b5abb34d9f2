internal import Shared

/// DNP3 (IEEE 1815-2012) over TCP and UDP: requests with their replies, and what was told to outputs.
struct DNP3Analyzer: FramedAnalyzer {
    static let service: StaticString = "dnp3"
    static let transports: Transports = [.tcp, .udp]

    /// Bytes of one fragment of the application layer that are put together; section 4.3.1 names 2,048 as the most.
    private static let fragmentLimit = 2048

    static let frameLimit = DNP3Frame.limit
    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    /// Fragments whose segments are being collected; empty when what they hold is not read.
    private var fragments = PerSide(originator: [UInt8](), responder: [UInt8]())
    /// Data of the frame that is looked at, kept for its memory.
    private var data: [UInt8] = []
    private var request: Request?

    /// What waits for its response.
    private struct Request: Sendable {
        let function: UInt8
        /// Control octet with the number of the request (section 4.2.2.4), and the station that it goes to.
        let control: UInt8
        let station: UInt16
        let time: Timestamp

        /// A confirmation (function 0) is never answered.
        var isConfirmation: Bool { function == 0 }

        /// Whether this is the same once more: it is sent again with its number (section 4.2.1).
        func isAgain(_ next: Request) -> Bool {
            (function, control, station) == (next.function, next.control, next.station)
        }
    }

    init() {}

    /// The start octets, and a header whose checksum is right.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        DNP3Frame.isHeader(payload) ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        do throws(DecodeError) {
            try takeFrames(of: payload, from: side, into: &sink)
        } catch {
            // As stations do (section 9.2.4): what is no frame is passed over, and the next one counts.
            sink.weird("dnp3_bad_frame", detail: "\(error)", source: Self.service)
            streams[side].loseMessage()
            fragments[side].removeAll()
        }
        // A datagram holds whole frames.
        if sink.connection.transport == .udp { streams[side].reset() }
        return .wantMore
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int { try DNP3Frame.length(bytes) }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        streams[side].loseMessage()
        fragments[side].removeAll()
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) { writeUnanswered(into: &sink) }

    private mutating func writeUnanswered(into sink: inout RecordSink) {
        guard let request else { return }
        let dnp3 = Records.dnp3
        sink.begin(dnp3, at: request.time)
        DNP3Names.set(dnp3.fcRequest, request.function, &sink)
        sink.end()
        self.request = nil
    }

    /// Takes the data of a frame: a segment of the transport function (section 8.2), whose first octet says whether
    /// it is the first (0x40) or the last (0x80) of a fragment.
    mutating func takeFrame(_ frame: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        data.removeAll(keepingCapacity: true)
        try DNP3Frame.append(frame, to: &data)
        guard let transport = data.first else { return }  // about the link itself
        if transport & 0x40 != 0 {
            fragments[side].removeAll(keepingCapacity: true)
            guard data.count >= 3 else { return }
            takeHeader(to: try frame.readLE(at: 4), into: &sink)
            if DNP3Control.isWorthReading(data[1...]) { fragments[side].append(contentsOf: data[1...]) }
        } else if !fragments[side].isEmpty {
            fragments[side].append(contentsOf: data[1...])
            if fragments[side].count > Self.fragmentLimit { fragments[side].removeAll() }
        }
        guard transport & 0x80 != 0, !fragments[side].isEmpty else { return }
        DNP3Control.write(fragments[side], into: &sink)
        fragments[side].removeAll(keepingCapacity: true)
    }

    /// The header of the application layer (section 4.2.2): control, function, and indications of a response. As in
    /// Zeek, a request waits for the next response of the connection; otherwise than there, one that a later request
    /// finds without an answer is told: to all stations, restarts and stops are never answered (section 4.2.2.5).
    private mutating func takeHeader(to station: UInt16, into sink: inout RecordSink) {
        let function = data[2]
        guard function & 0x80 != 0 else {
            let next = Request(function: function, control: data[1], station: station, time: sink.now)
            if let request, request.isAgain(next) { return }
            if request?.isConfirmation == false { writeUnanswered(into: &sink) }
            request = next
            return
        }
        guard data.count >= 5 else { return }
        let dnp3 = Records.dnp3
        sink.begin(dnp3)
        if let request { DNP3Names.set(dnp3.fcRequest, request.function, &sink) }
        DNP3Names.set(dnp3.fcReply, function, &sink)
        sink.batch.set(dnp3.iin, UInt64(data[3]) << 8 | UInt64(data[4]))
        sink.end()
        request = nil
    }
}

/// Names in DNP3, in Zeek's spelling.
enum DNP3Names {
    static func set(_ field: TextField, _ function: UInt8, _ sink: inout RecordSink) {
        sink.batch.set(field, functions, function, otherwise: "unknown-\(String(function, radix: 16))")
    }

    /// Function codes, section 4.2.2.5.
    private static let functions: CodeNames = [
        0x00: "CONFIRM", 0x01: "READ", 0x02: "WRITE", 0x03: "SELECT", 0x04: "OPERATE", 0x05: "DIRECT_OPERATE",
        0x06: "DIRECT_OPERATE_NR", 0x07: "IMMED_FREEZE", 0x08: "IMMED_FREEZE_NR", 0x09: "FREEZE_CLEAR",
        0x0A: "FREEZE_CLEAR_NR", 0x0B: "FREEZE_AT_TIME", 0x0C: "FREEZE_AT_TIME_NR", 0x0D: "COLD_RESTART",
        0x0E: "WARM_RESTART", 0x0F: "INITIALIZE_DATA", 0x10: "INITIALIZE_APPL", 0x11: "START_APPL",
        0x12: "STOP_APPL", 0x13: "SAVE_CONFIG", 0x14: "ENABLE_UNSOLICITED", 0x15: "DISABLE_UNSOLICITED",
        0x16: "ASSIGN_CLASS", 0x17: "DELAY_MEASURE", 0x18: "RECORD_CURRENT_TIME", 0x19: "OPEN_FILE",
        0x1A: "CLOSE_FILE", 0x1B: "DELETE_FILE", 0x1C: "GET_FILE_INFO", 0x1D: "AUTHENTICATE_FILE",
        0x1E: "ABORT_FILE", 0x1F: "ACTIVATE_CONFIG", 0x20: "AUTHENTICATE_REQ", 0x21: "AUTHENTICATE_REQ_NR",
        0x81: "RESPONSE", 0x82: "UNSOLICITED_RESPONSE", 0x83: "AUTHENTICATE_RESP",
    ]
}
