internal import Shared

/// OPC UA Binary over TCP (OPC 10000-6 sections 6.7 and 7.1): connections, secure channels, and the services that are
/// asked for where they can be read, and logins by name. Tokens of sessions and passwords are not kept.
struct OPCUAAnalyzer: FramedAnalyzer {
    static let service: StaticString = "opcua_binary"

    /// Bytes of a chunk that are read; of a longer one, the beginning. The certificates of a channel fit.
    static let frameLimit = 8192
    /// Bytes of addresses and reasons that records show; section 7.1.2.3 allows 4,096.
    private static let textLimit = 1024
    /// Longest hello, acknowledgement or error (section 7.1.2).
    private static let helloLimit = 8192
    private static let leastBuffer: UInt32 = 8192

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var login = OPCUALogin()

    init() {}

    /// A type that exists, and a size that the segment keeps.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.byteCount < 8, payload.starts(with: "HELF") { return .needMore }
        guard let size = size(payload) else { return .noMatch }
        if payload.starts(with: "HEL") { return probeHello(payload, size) }
        if payload.starts(with: "ACK") { return size == 28 && payload.byteCount == 28 ? .match : .noMatch }
        if payload.starts(with: "ERR") || payload.starts(with: "RHE") {
            return size >= 16 && size <= helloLimit && payload.byteCount == size ? .match : .noMatch
        }
        if payload.starts(with: "OPN") {
            let policy = payload.extracting(droppingFirst: Swift.min(16, payload.byteCount))
            return size >= 32 && policy.starts(with: "http://") ? .match : .noMatch
        }
        guard size >= 24, (try? payload.readLE(at: 8, as: UInt32.self)) != 0 else { return .noMatch }
        if payload.byteCount == size { return .match }
        return payload.byteCount > size && self.size(payload.extracting(droppingFirst: size)) != nil
            ? .match : .noMatch
    }

    /// A hello (section 7.1.2.3), whose address may be missing: then, buffers are as large as they must be at least.
    private static func probeHello(_ payload: RawSpan, _ size: Int) -> ProbeResult {
        guard size >= 32, size <= helloLimit else { return .noMatch }
        guard payload.byteCount >= Swift.min(size, 36) else { return .needMore }
        let address = payload.extracting(droppingFirst: 32)
        guard size == 32 else { return address.starts(with: "opc.") ? .match : .noMatch }
        guard let count: Int32 = try? payload.readLE(at: 28), count <= 0, address.byteCount == 0,
            let receives: UInt32 = try? payload.readLE(at: 12), receives >= leastBuffer,
            let sends: UInt32 = try? payload.readLE(at: 16), sends >= leastBuffer
        else { return .noMatch }
        return .match
    }

    /// The size of the chunk that begins here (section 7.1.2.2); nil when none does.
    private static func size(_ bytes: RawSpan) -> Int? {
        guard bytes.byteCount >= 8, let mark = try? bytes.byte(at: 3),
            let size = try? bytes.readLE(at: 4, as: UInt32.self), size >= 12, size < 1 << 31
        else { return nil }
        if bytes.starts(with: "MSG") { return [0x41, 0x43, 0x46].contains(mark) ? Int(size) : nil }
        guard mark == 0x46,
            bytes.starts(with: "HEL") || bytes.starts(with: "ACK") || bytes.starts(with: "ERR")
                || bytes.starts(with: "RHE") || bytes.starts(with: "OPN") || bytes.starts(with: "CLO")
        else { return nil }
        return Int(size)
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 8 else { return 0 }
        guard let size = Self.size(bytes) else { throw .invalid(.type) }
        return size
    }

    mutating func takeFrame(_ chunk: RawSpan, from side: Side, into sink: inout RecordSink) {
        Self.write(chunk, from: side, into: &sink)
        login.take(chunk, into: &sink)
    }

    mutating func finish(into sink: inout RecordSink) { login.finish(into: &sink) }

    private static func write(_ chunk: RawSpan, from side: Side, into sink: inout RecordSink) {
        let ua = Records.opcuaBinary
        sink.begin(ua)
        sink.batch.set(ua.isOrig, side == .originator)
        sink.batch.set(ua.messageType, chunk.extracting(0..<3).text())
        sink.batch.set(ua.isFinal, chunk.extracting(3..<4).text())
        sink.batch.set(ua.messageSize, (try? chunk.readLE(at: 4, as: UInt32.self)).map(UInt64.init))
        var reader = ByteReader(chunk.extracting(droppingFirst: 8).withUnsafeBytes { Array($0) })
        // A short chunk is told as far as it goes.
        try? setBody(chunk, &reader, into: &sink)
        sink.end()
    }

    private static func setBody(
        _ chunk: RawSpan, _ reader: inout ByteReader, into sink: inout RecordSink
    ) throws(DecodeError) {
        let ua = Records.opcuaBinary
        if chunk.starts(with: "HEL") || chunk.starts(with: "ACK") {
            sink.batch.set(ua.version, try number(&reader))
            sink.batch.set(ua.receiveBufferSize, try number(&reader))
            sink.batch.set(ua.sendBufferSize, try number(&reader))
            sink.batch.set(ua.maximumMessageSize, try number(&reader))
            sink.batch.set(ua.maximumChunkCount, try number(&reader))
            if chunk.starts(with: "HEL") { sink.batch.set(ua.endpointURL, try text(&reader)) }
        } else if chunk.starts(with: "ERR") {
            sink.batch.set(ua.error, try number(&reader))
            sink.batch.set(ua.reason, try text(&reader))
        } else if chunk.starts(with: "RHE") {
            _ = try text(&reader)
            sink.batch.set(ua.endpointURL, try text(&reader))
        } else {
            sink.batch.set(ua.channelID, try number(&reader))
            if chunk.starts(with: "OPN") { try setPolicy(&reader, into: &sink) } else { try reader.skip(4) }
            try setService(&reader, into: &sink)
        }
    }

    /// The asymmetric header of a chunk that opens a channel (section 6.7.2.3): policy and certificates.
    private static func setPolicy(_ reader: inout ByteReader, into sink: inout RecordSink) throws(DecodeError) {
        let ua = Records.opcuaBinary
        sink.batch.set(ua.policyURI, try text(&reader))
        for field in [ua.senderCertificateLength, ua.receiverCertificateLength] {
            guard let certificate = try bytes(&reader) else { continue }
            sink.batch.set(field, UInt64(certificate.count))
        }
    }

    /// The sequence header, and the service by the number of its encoding (section 5.2.2.9, four bytes). Where chunks
    /// are encrypted, what stands here is no service that exists, and nothing is told.
    private static func setService(_ reader: inout ByteReader, into sink: inout RecordSink) throws(DecodeError) {
        let (sequence, request) = (try number(&reader), try number(&reader))
        let encoding = try reader.be(UInt16.self)
        let identifier = try reader.le(UInt16.self)
        guard encoding == 0x0100, let name = OPCUANames.services[identifier] else { return }
        let ua = Records.opcuaBinary
        sink.batch.set(ua.sequenceNumber, sequence)
        sink.batch.set(ua.requestID, request)
        sink.batch.set(ua.encodingMask, 1)
        sink.batch.set(ua.namespaceIndex, 0)
        sink.batch.set(ua.identifier, UInt64(identifier))
        sink.batch.set(ua.identifierText, name: name)
        guard OPCUANames.isResponse(identifier) else { return }
        // Of a response (OPC 10000-4 section 7.33): time, handle of the request, result.
        try reader.skip(8)
        sink.batch.set(ua.responseHandle, try number(&reader))
        sink.batch.set(ua.serviceResult, try number(&reader))
    }

    private static func number(_ reader: inout ByteReader) throws(DecodeError) -> UInt64 {
        UInt64(try reader.le(UInt32.self))
    }

    /// Bytes behind their count; nil for a count of -1.
    private static func bytes(_ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8>? {
        let count = try reader.le(Int32.self)
        return count < 0 ? nil : try reader.take(Int(count))
    }

    private static func text(_ reader: inout ByteReader) throws(DecodeError) -> String? {
        try bytes(&reader)?.prefix(textLimit).wireText
    }
}

/// Services of OPC UA, by the numbers of their binary encodings (OPC 10000-6 annex A).
enum OPCUANames {
    /// A request has a number, and its response one that is three more; a fault stands for any response.
    static func isResponse(_ identifier: UInt16) -> Bool {
        identifier == 397 || services[identifier].map { $0.hasSuffix("Response") } == true
    }

    static let services: CodeNames = [
        397: "ServiceFault", 422: "FindServersRequest", 425: "FindServersResponse", 428: "GetEndpointsRequest",
        431: "GetEndpointsResponse", 437: "RegisterServerRequest", 440: "RegisterServerResponse",
        446: "OpenSecureChannelRequest", 449: "OpenSecureChannelResponse", 452: "CloseSecureChannelRequest",
        455: "CloseSecureChannelResponse", 461: "CreateSessionRequest", 464: "CreateSessionResponse",
        467: "ActivateSessionRequest", 470: "ActivateSessionResponse", 473: "CloseSessionRequest",
        476: "CloseSessionResponse", 479: "CancelRequest", 482: "CancelResponse", 488: "AddNodesRequest",
        491: "AddNodesResponse", 494: "AddReferencesRequest", 497: "AddReferencesResponse",
        500: "DeleteNodesRequest", 503: "DeleteNodesResponse", 506: "DeleteReferencesRequest",
        509: "DeleteReferencesResponse", 527: "BrowseRequest", 530: "BrowseResponse", 533: "BrowseNextRequest",
        536: "BrowseNextResponse", 554: "TranslateBrowsePathsToNodeIdsRequest",
        557: "TranslateBrowsePathsToNodeIdsResponse", 560: "RegisterNodesRequest", 563: "RegisterNodesResponse",
        566: "UnregisterNodesRequest", 569: "UnregisterNodesResponse", 615: "QueryFirstRequest",
        618: "QueryFirstResponse", 621: "QueryNextRequest", 624: "QueryNextResponse", 631: "ReadRequest",
        634: "ReadResponse", 664: "HistoryReadRequest", 667: "HistoryReadResponse", 673: "WriteRequest",
        676: "WriteResponse", 700: "HistoryUpdateRequest", 703: "HistoryUpdateResponse", 712: "CallRequest",
        715: "CallResponse", 751: "CreateMonitoredItemsRequest", 754: "CreateMonitoredItemsResponse",
        763: "ModifyMonitoredItemsRequest", 766: "ModifyMonitoredItemsResponse", 769: "SetMonitoringModeRequest",
        772: "SetMonitoringModeResponse", 775: "SetTriggeringRequest", 778: "SetTriggeringResponse",
        781: "DeleteMonitoredItemsRequest", 784: "DeleteMonitoredItemsResponse", 787: "CreateSubscriptionRequest",
        790: "CreateSubscriptionResponse", 793: "ModifySubscriptionRequest", 796: "ModifySubscriptionResponse",
        799: "SetPublishingModeRequest", 802: "SetPublishingModeResponse", 826: "PublishRequest",
        829: "PublishResponse", 832: "RepublishRequest", 835: "RepublishResponse",
        841: "TransferSubscriptionsRequest", 844: "TransferSubscriptionsResponse",
        847: "DeleteSubscriptionsRequest", 850: "DeleteSubscriptionsResponse",
    ]
}

extension StaticString {
    /// Whether the text ends with `suffix`.
    fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
        let (whole, end) = (utf8CodeUnitCount, suffix.utf8CodeUnitCount)
        guard whole >= end else { return false }
        return (0..<end).allSatisfy { utf8Start[whole - end + $0] == suffix.utf8Start[$0] }
    }
}
