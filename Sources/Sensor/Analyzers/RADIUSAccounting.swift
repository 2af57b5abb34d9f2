internal import Shared

/// What an access server tells of a session of a user (RFC 2866 section 5).
struct RADIUSAccounting: Sendable {
    private var status: UInt32?
    private(set) var sessionID: String?
    private var seconds: UInt32?
    /// Low and high halves (RFC 2869 sections 5.1 and 5.2) of the bytes from the user and to the user.
    private var input: (low: UInt32?, high: UInt32) = (nil, 0)
    private var output: (low: UInt32?, high: UInt32) = (nil, 0)

    /// Takes an attribute; of several of a kind the last counts.
    mutating func take(_ type: UInt8, _ value: RawSpan) {
        if type == 44 { sessionID = value.text() }
        guard value.byteCount == 4, let number = try? value.readBE(at: 0, as: UInt32.self) else { return }
        switch type {
        case 40: status = number
        case 42: input.low = number
        case 43: output.low = number
        case 46: seconds = number
        case 52: input.high = number
        case 53: output.high = number
        default: break
        }
    }

    /// Sets the fields of a record that was begun.
    func write(into sink: inout RecordSink) {
        let radius = Records.radius
        sink.batch.set(radius.acctStatus, status.map { Self.names[$0] ?? "unknown-\($0)" })
        sink.batch.set(radius.acctSessionId, sessionID)
        sink.batch.set(radius.acctSessionTime, seconds.map { .seconds(Int64($0)) })
        sink.batch.set(radius.acctInputOctets, input.low.map { UInt64(input.high) << 32 | UInt64($0) })
        sink.batch.set(radius.acctOutputOctets, output.low.map { UInt64(output.high) << 32 | UInt64($0) })
    }

    /// Names of Acct-Status-Type as IANA lists them, without those of tunnels.
    private static let names: [UInt32: String] = [
        1: "Start", 2: "Stop", 3: "Interim-Update", 7: "Accounting-On", 8: "Accounting-Off", 15: "Failed",
    ]
}
