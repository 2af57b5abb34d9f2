internal import Shared

/// The headers of a message of BACnet/IP: virtual link (annex J.2), network layer (clause 6.2), application layer
/// (clause 20.1).
struct BACnetMessage {
    let function: UInt8
    let side: Side
    /// Outcome of a request about the link.
    var result: UInt16?
    var forwardedAddress: IPAddress?
    var forwardedPort: UInt64?
    /// Kind of message of the application layer; nil when there is none.
    private(set) var kind: UInt8?
    private(set) var service: UInt8?
    private(set) var isSegmentBehindFirst = false
    private(set) var invocation: UInt8?
    private var reason: UInt64?
    private var source: (network: UInt16, address: ArraySlice<UInt8>)?
    private var destination: (network: UInt16, address: ArraySlice<UInt8>)?

    init(function: UInt8, side: Side) { (self.function, self.side) = (function, side) }

    /// Reads the network layer and what is behind it, up to the parameters of the service.
    mutating func readNetwork(_ reader: inout ByteReader) throws(DecodeError) {
        guard try reader.byte() == 1 else { throw .invalid(.version) }
        let control = try reader.byte()
        if control & 0x20 != 0 { destination = (try reader.be(), try reader.vector(lengthBytes: 1).rest) }
        if control & 0x08 != 0 { source = (try reader.be(), try reader.vector(lengthBytes: 1).rest) }
        if control & 0x20 != 0 { try reader.skip(1) }
        // Messages between routers have no application layer.
        if control & 0x80 == 0 { try readApplication(&reader) }
    }

    private mutating func readApplication(_ reader: inout ByteReader) throws(DecodeError) {
        let first = try reader.byte()
        let kind = first >> 4
        let isSegmented = first & 0x08 != 0
        if kind == 0 { try reader.skip(1) }
        if kind != 1 { invocation = try reader.byte() }
        switch kind {
        case 0, 3:
            if isSegmented {
                isSegmentBehindFirst = try reader.byte() != 0
                try reader.skip(1)
            }
            service = try reader.byte()
        case 1, 2: service = try reader.byte()
        case 5:
            service = try reader.byte()
            reason = try? BACnetTags.errorCode(reader)
        case 6, 7: reason = UInt64(try reader.byte())
        default: break
        }
        self.kind = kind
    }

    func write(into sink: inout RecordSink) {
        let bacnet = Records.bacnet
        sink.begin(bacnet)
        sink.batch.set(bacnet.isOrig, side == .originator)
        sink.batch.set(bacnet.function, BACnetNames.functions, function, otherwise: "Unknown BVLC Function")
        if let kind { setApplication(kind, into: &sink) }
        if let result {
            let unknown = "Unknown BVLC Result Code-\(Hexadecimal.code(result, digits: 2))"
            sink.batch.set(bacnet.resultCode, BACnetNames.results, result, otherwise: unknown)
        }
        if let source {
            sink.batch.set(bacnet.sourceNetwork, UInt64(source.network))
            sink.batch.set(bacnet.sourceAddressLength, UInt64(source.address.count))
            if !source.address.isEmpty { sink.batch.set(bacnet.sourceAddress, Hexadecimal.text(of: source.address)) }
        }
        if let destination {
            let address = destination.address
            sink.batch.set(bacnet.destinationNetwork, UInt64(destination.network))
            sink.batch.set(bacnet.destinationAddressLength, UInt64(address.count))
            if !address.isEmpty { sink.batch.set(bacnet.destinationAddress, Hexadecimal.text(of: address)) }
        }
        sink.batch.set(bacnet.forwardedAddress, forwardedAddress)
        sink.batch.set(bacnet.forwardedPort, forwardedPort)
        sink.end()
    }

    private func setApplication(_ kind: UInt8, into sink: inout RecordSink) {
        let bacnet = Records.bacnet
        sink.batch.set(bacnet.pduType, BACnetNames.kinds, kind, otherwise: "Unknown APDU Type-0x0\(kind)")
        sink.batch.set(bacnet.invokeID, invocation.map(UInt64.init))
        if kind == 6 { sink.batch.set(bacnet.pduService, name: "reject") }
        if kind == 7 { sink.batch.set(bacnet.pduService, name: "abort") }
        if let service {
            let names = kind == 1 ? BACnetNames.unconfirmed : BACnetNames.confirmed
            let unknown = "Unknown Service Choice-\(Hexadecimal.code(service, digits: 2))"
            sink.batch.set(bacnet.pduService, names, service, otherwise: unknown)
        }
        guard let reason else { return }
        let code = Hexadecimal.code(reason, digits: 2)
        switch kind {
        case 6:
            sink.batch.set(bacnet.resultCode, BACnetNames.rejects, reason, otherwise: "Unknown Reject Reason-\(code)")
        case 7: sink.batch.set(bacnet.resultCode, BACnetNames.aborts, reason, otherwise: "Unknown Abort Reason-\(code)")
        default: sink.batch.set(bacnet.resultCode, BACnetNames.errors, reason, otherwise: "Unknown Error Code-\(code)")
        }
    }
}
