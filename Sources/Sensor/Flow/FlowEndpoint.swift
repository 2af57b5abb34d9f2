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
    /// TCP payload that was acknowledged but never seen.
    var missedBytes: UInt64 = 0

    /// One past the highest number sent. Without TCP: payload bytes, as ``payloadBytes``.
    var last: Int64 = 0
    /// Highest number that the other end acknowledged.
    var acknowledged: Int64 = 0
    /// All data below was delivered or given up.
    var next: Int64 = 1
    var start: UInt32 = 0
    /// One past the FIN's own number, as it stood in the header.
    private var finNumber: UInt32 = 0
    /// Number of the last SYN or RST, as it stood in the header.
    var lastControl: UInt32 = 0
    var retransmissions: UInt32 = 0
    private var macLow: UInt32 = 0
    /// What its SYN or SYN-ACK told of its system.
    var system = SYNFacts()
    private(set) var state = TCPEndpointState.inactive
    /// Three bits for ``previousState``, then one each for the marks below.
    private var past: UInt8 = 0
    /// Letters of the history noted for this end, a bit each.
    var noted: UInt8 = 0
    private var macHigh: UInt16 = 0
    // How often the letters occurred that repeat on a logarithmic scale; they stay at their largest value.
    var zeroWindows: UInt16 = 0
    var gaps: UInt16 = 0

    private(set) var previousState: TCPEndpointState {
        get { TCPEndpointState(rawValue: past & 7) ?? .inactive }
        set { past = past & ~7 | newValue.rawValue }
    }

    /// One of the bits of ``past`` behind the state.
    private subscript(mark bit: UInt8) -> Bool {
        @inline(__always) get { past & bit != 0 }
        @inline(__always) set { past = newValue ? past | bit : past & ~bit }
    }

    var sentFIN: Bool {
        get { self[mark: 8] }
        set { self[mark: 8] = newValue }
    }

    var hasStart: Bool {
        get { self[mark: 16] }
        set { self[mark: 16] = newValue }
    }

    /// The last payload that was looked at for a protocol was its own.
    var spokeLast: Bool {
        get { self[mark: 32] }
        set { self[mark: 32] = newValue }
    }

    /// It has answered a SYN with several numbers, and which of them the other end took is not known.
    var hasRivals: Bool {
        get { self[mark: 64] }
        set { self[mark: 64] = newValue }
    }

    /// The other end began anew, and its SYN was not answered yet.
    var owesAnswer: Bool {
        get { self[mark: 128] }
        set { self[mark: 128] = newValue }
    }

    /// Bits of the hardware address.
    var mac: UInt64 {
        get { UInt64(macHigh) << 32 | UInt64(macLow) }
        set {
            macHigh = UInt16(truncatingIfNeeded: newValue >> 32)
            macLow = UInt32(truncatingIfNeeded: newValue)
        }
    }

    /// UDP and ICMP payload.
    var payloadBytes: UInt64 {
        get { UInt64(bitPattern: last) }
        set { last = Int64(bitPattern: newValue) }
    }

    /// One past the FIN's own number.
    var finSequence: Int64 {
        get { relative(finNumber) }
        set { finNumber = UInt32(truncatingIfNeeded: newValue) &+ start }
    }

    /// It has sent FIN or RST.
    var hasClosed: Bool { state == .closed || state == .reset }

    /// It was seen to send, and may go on.
    var isOpen: Bool { state == .established || state == .partial }

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
