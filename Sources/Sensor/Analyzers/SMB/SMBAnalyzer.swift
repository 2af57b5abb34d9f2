internal import Shared

/// SMB 1, 2 and 3 over TCP (MS-SMB2, MS-CIFS), with NetBIOS sessions or bare: shares, files, authentication and the
/// remote calls in pipes. Content passes through without being kept; of encrypted messages only the number is known.
struct SMBAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "smb"
    private var streams = PerSide(originator: SMBStream(), responder: SMBStream())
    private var session = SMBSession()
    private var smb1 = SMB1Dialect()
    private var smb2 = SMB2Dialect()
    /// Messages that could not be read because they were encrypted (SMB 3 transform header) or compressed.
    private(set) var opaqueMessages: UInt64 = 0

    init() {}

    var heldBytes: Int { streams.heldBytes + session.heldBytes + smb1.heldBytes + smb2.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type = try? payload.byte(at: 0) else { return .needMore }
        if type == 0x81 { return probeSessionRequest(payload) }
        guard type == 0 else { return .noMatch }
        guard let mark: UInt32 = try? payload.readBE(at: 4) else { return .needMore }
        return SMBHead.isProtocol(mark) ? .match : .noMatch
    }

    /// A NetBIOS session request: two encoded names of 34 bytes (RFC 1002 section 4.3.2).
    private static func probeSessionRequest(_ payload: RawSpan) -> ProbeResult {
        guard let length: UInt16 = try? payload.readBE(at: 2), let name = try? payload.byte(at: 4) else {
            return .needMore
        }
        return length == 68 && name == 32 ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var offset = 0
        while true {
            switch try streams[side].next(payload, at: &offset) {
            case .needMore: return .wantMore
            case .contentEnd: continue
            case .content(let range):
                smb2.content(payload.extracting(range), from: side, session: &session, into: &sink)
            case .message(let bytes):
                message(bytes, from: side, into: &sink)
                streams[side].takeBack(bytes)
            }
        }
    }

    /// One malformed message does not end the stream: the session's framing goes on.
    private mutating func message(_ bytes: [UInt8], from side: Side, into sink: inout RecordSink) {
        do throws(DecodeError) {
            switch bytes.first {
            case 0xFF: try smb1.message(bytes, from: side, session: &session, into: &sink)
            case 0xFE: try smb2.message(bytes, from: side, session: &session, into: &sink)
            case 0xFD:
                // Nothing else tells that a session is encrypted once it is.
                if opaqueMessages == 0 { sink.found(service: "smb_encrypted") }
                opaqueMessages += 1
            default: opaqueMessages += 1
            }
        } catch {
            sink.weird("smb_message_malformed", source: "smb")
        }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let lost = streams[side].lose(byteCount)
        smb2.lose(lost, from: side, now: sink.now, session: &session)
        session.lose(now: sink.now)
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        smb1.tellWaiting(session: &session, into: &sink)
        smb2.tellWaiting(session: &session, into: &sink)
        session.finish(into: &sink)
    }
}
