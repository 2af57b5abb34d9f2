/// A chunk of OPC UA Binary.
public struct OPCUABinaryRecord: ConnectionRecordSchema {
    public static let name = "opcua_binary"
    public static let meaning = "A chunk of OPC UA Binary"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let messageType = TextField(7, "msg_type", "HEL, ACK, ERR, RHE, OPN, MSG or CLO")
    public let isFinal = TextField(
        8, "is_final", "F for the last chunk of a message, C for others, A for a message that is given up")
    public let messageSize = NumberField<UInt64>(
        9, "msg_size", "Length of the chunk, header included", unit: .bytes)
    public let error = NumberField<UInt64>(10, "error", "Status code of an error")
    public let reason = TextField(11, "reason", "Reason of an error")
    public let version = NumberField<UInt64>(12, "version", "Version of the protocol")
    public let receiveBufferSize = NumberField<UInt64>(
        13, "rcv_buf_size", "Longest chunk that the sender can receive", unit: .bytes)
    public let sendBufferSize = NumberField<UInt64>(
        14, "snd_buf_size", "Longest chunk that the sender will send", unit: .bytes)
    public let maximumMessageSize = NumberField<UInt64>(
        15, "max_msg_size", "Longest message, 0 for any", unit: .bytes)
    public let maximumChunkCount = NumberField<UInt64>(
        16, "max_chunk_cnt", "Most chunks of a message, 0 for any")
    public let endpointURL = TextField(
        17, "endpoint_url", "Address that the client wishes to reach")
    public let channelID = NumberField<UInt64>(18, "sec_channel_id", "Number of the secure channel")
    public let policyURI = TextField(19, "sec_policy_uri", "Security policy of the channel")
    public let senderCertificateLength = NumberField<UInt64>(
        20, "snd_cert_len", "Length of the certificate of the sender", unit: .bytes)
    public let receiverCertificateLength = NumberField<UInt64>(
        21, "rcv_cert_len", "Length of the thumbprint of the certificate of the receiver", unit: .bytes)
    public let sequenceNumber = NumberField<UInt64>(
        22, "seq_number", "Number of the chunk within its channel")
    public let requestID = NumberField<UInt64>(
        23, "request_id", "Number that a response shares with its request")
    public let encodingMask = NumberField<UInt64>(
        24, "encoding_mask", "How the number of the service is encoded")
    public let namespaceIndex = NumberField<UInt64>(
        25, "namespace_idx", "Namespace of the number of the service")
    public let identifier = NumberField<UInt64>(26, "identifier", "Number of the service")
    public let identifierText = TextField(
        27, "identifier_str", "Service: ReadRequest, CallResponse, ...")
    public let responseHandle = NumberField<UInt64>(
        28, "res_hdr_request_handle", "Handle that the client gave its request")
    public let serviceResult = NumberField<UInt64>(
        29, "res_hdr_service_result", "Status code of the response")

    public init() {}
}

extension Records {
    public static let opcuaBinary = OPCUABinaryRecord()
}
