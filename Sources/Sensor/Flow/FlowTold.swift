/// What the interim reports of a long connection have told already.
struct FlowTold {
    /// Reports so far.
    var count: UInt64 = 0
    var originatorBytes: UInt64 = 0
    var responderBytes: UInt64 = 0
    var originatorPackets: UInt64 = 0
    var responderPackets: UInt64 = 0
}
