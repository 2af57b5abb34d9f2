/// How far one end of a TCP connection has come; Zeek's states.
enum TCPEndpointState: UInt8 {
    case inactive, synSent, synAckSent, partial, established, closed, reset
}

/// One end of a connection: what it sent, and for TCP where it stands in its sequence space.
///
/// Sequence numbers are kept relative to ``start`` in 64 bits; the SYN takes number 0, data begins at 1.
struct FlowEndpoint {
    var packets: UInt64 = 0
    var ipBytes: UInt64 = 0
    /// UDP and ICMP payload.
    var payloadBytes: UInt64 = 0
    /// TCP payload that was acknowledged but never seen.
    var missedBytes: UInt64 = 0

    var start: UInt32 = 0
    /// One past the highest number sent.
    var last: Int64 = 0
    /// Highest number that the other end acknowledged.
    var acknowledged: Int64 = 0
    /// All data below was delivered or given up.
    var next: Int64 = 1
    var state = TCPEndpointState.inactive
    var previousState = TCPEndpointState.inactive
    var sentFIN = false
    /// One past the FIN's own number.
    var finSequence: Int64 = 0
    /// Number of the last control segment noted in the history.
    var lastControl: Int64 = .min
    var hasStart = false
    /// Letters of the history noted for this end, a bit each.
    var noted: UInt16 = 0
    // How often the letters occurred that repeat on a logarithmic scale.
    var checksumErrors: UInt32 = 0
    var retransmissions: UInt32 = 0
    var zeroWindows: UInt32 = 0
    var gaps: UInt32 = 0
    /// What interim reports have told already.
    var reportedBytes: UInt64 = 0
    var reportedPackets: UInt64 = 0
    var mac: UInt64 = 0

    /// It has sent FIN or RST.
    var hasClosed: Bool { state == .closed || state == .reset }

    mutating func set(_ new: TCPEndpointState) {
        guard new != state else { return }
        previousState = state
        state = new
    }

    mutating func begin(at sequence: UInt32) {
        start = sequence
        last = 0
        acknowledged = 0
        next = 1
        hasStart = true
    }

    /// Unwraps a sequence number near the highest one seen.
    @inline(__always)
    func relative(_ sequence: UInt32) -> Int64 {
        let near = UInt32(truncatingIfNeeded: last) &+ start
        return last + Int64(Int32(bitPattern: sequence &- near))
    }

    /// Unwraps an acknowledgement of this end's data.
    @inline(__always)
    func relativeAcknowledgement(_ sequence: UInt32) -> Int64 {
        let near = UInt32(truncatingIfNeeded: acknowledged) &+ start
        return acknowledged + Int64(Int32(bitPattern: sequence &- near))
    }
}
