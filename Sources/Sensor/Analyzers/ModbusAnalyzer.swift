internal import Shared

/// Modbus over TCP (Modbus Messaging on TCP/IP Implementation Guide V1.0b): one record a message.
struct ModbusAnalyzer: FramedAnalyzer {
    static let service: StaticString = "modbus"

    /// Longest message of the specification: header of 7 bytes and 253 of function and data. Of those of makers that
    /// are longer, the rest is passed over.
    static let frameLimit = 260
    /// Longest message of what Schneider Electric's controllers are programmed by, who agree on 1,022 bytes of data and
    /// more.
    private static let longFrameLimit = 1100
    private static let programUnity: UInt8 = 90
    /// Functions of the specification's section 6, of which none is longer than ``frameLimit``.
    private static let describedFunctions: Set<UInt8> = [
        1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43,
    ]
    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    /// The last message had a false length, and a function that does not tell its own.
    private var isEndUnknown = false

    init() {}

    /// Protocol 0, a length that the segment keeps, and a function.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let number = try? payload.readBE(at: 2, as: UInt16.self),
            let length = try? Int(payload.readBE(at: 4, as: UInt16.self)), number == 0, length >= 2,
            length <= longFrameLimit - 6
        else { return .noMatch }
        // Some write the header by itself.
        guard let function = try? payload.byte(at: 7) else { return payload.byteCount == 7 ? .needMore : .noMatch }
        guard function & 0x7F != 0, length <= frameLimit - 6 || function == programUnity else { return .noMatch }
        guard function & 0x80 == 0 || length == 3, hasShape(of: function, length, payload) else { return .noMatch }
        // Either one whole message, be its function one that nobody knows, or several of them.
        if payload.byteCount == 6 + length { return .match }
        guard functions[function & 0x7F] != nil else { return .noMatch }
        return (try? payload.readBE(at: 8 + length, as: UInt16.self)) == 0 ? .match : .noMatch
    }

    /// Whether a message is as long as its function has it (sections 6.1 to 6.12): others begin with a short kind and a
    /// long length too. Functions of serial lines alone are no sign of this.
    private static func hasShape(of function: UInt8, _ length: Int, _ message: RawSpan) -> Bool {
        switch function {
        case 1...4: length == 6 || (try? message.byte(at: 8)).map { length == 3 + Int($0) } ?? false
        case 5, 6: length == 6
        case 15, 16: length == 6 || (try? message.byte(at: 12)).map { length == 7 + Int($0) } ?? false
        case 9, 10, 13, 14, 18, 19: false
        default: true
        }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        try takeFrames(of: payload, from: side, into: &sink)
        // Where it ends is not known: mostly the next one begins with a segment.
        if isEndUnknown { streams[side].loseMessage() }
        isEndUnknown = false
        return .wantMore
    }

    /// Lengths beyond the specification's are believed of makers' functions, and where the data has them, as of
    /// gateways that do not keep to it. Of others, the function tells the end, as it does for controllers that do not
    /// look at the length: nothing that is done behind such a message is hidden by it.
    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 6 else { return 0 }
        let length = Int(try bytes.readBE(at: 4, as: UInt16.self))
        guard try bytes.readBE(at: 2, as: UInt16.self) == 0, length >= 2 else { throw .invalid(.length) }
        guard length > Self.frameLimit - 6 else { return 6 + length }
        guard let function = try? bytes.byte(at: 7) else { return 0 }
        let told =
            switch function {
            case 1...4: 9
            case 15, 16: side == .originator ? 13 : 12
            default: 8
            }
        guard bytes.byteCount >= told else { return 0 }
        guard Self.isFalse(length, of: function, bytes) else { return 6 + length }
        return Self.ownLength(of: function, bytes, from: side).map { 6 + $0 } ?? bytes.byteCount
    }

    /// Whether a length is more than the specification has, of a function that it describes and with other data.
    private static func isFalse(_ length: Int, of function: UInt8, _ message: RawSpan) -> Bool {
        guard length > frameLimit - 6, describedFunctions.contains(function & 0x7F) else { return false }
        return ![1, 2, 3, 4, 15, 16].contains(function) || !hasShape(of: function, length, message)
    }

    /// The length that a message's function gives it, nil of those that do not tell (sections 6.1 to 6.12).
    private static func ownLength(of function: UInt8, _ message: RawSpan, from side: Side) -> Int? {
        let isRequest = side == .originator
        return switch function {
        case 0x80...0xFF: 3
        case 5, 6: 6
        case 1...4: isRequest ? 6 : (try? message.byte(at: 8)).map { 3 + Int($0) }
        case 15, 16: isRequest ? (try? message.byte(at: 12)).map { 7 + Int($0) } : 6
        default: nil
        }
    }

    mutating func takeFrame(_ message: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let modbus = Records.modbus
        let function = try message.byte(at: 7)
        if let length = try? Int(message.readBE(at: 4, as: UInt16.self)), Self.isFalse(length, of: function, message) {
            sink.weird("modbus_false_length", detail: "\(length)", source: Self.service)
            isEndUnknown = Self.ownLength(of: function, message, from: side) == nil
        }
        let name = Self.functions[function & 0x7F]
        let isException = name != nil && function & 0x80 != 0
        sink.begin(modbus)
        sink.batch.set(modbus.tid, UInt64((try? message.readBE(at: 0, as: UInt16.self)) ?? 0))
        sink.batch.set(modbus.unit, UInt64((try? message.byte(at: 6)) ?? 0))
        sink.batch.set(
            modbus.func, name.map { isException ? $0 + "_EXCEPTION" : $0 } ?? "unknown-\(function)")
        sink.batch.set(modbus.pduType, side == .originator ? "REQ" : "RESP")
        if isException, let code = try? message.byte(at: 8) {
            sink.batch.set(modbus.exception, Self.exceptions[code] ?? "unknown-\(code)")
        }
        sink.end()
    }

    /// Functions of the Modbus Application Protocol V1.1b3 section 6 and of older devices, in Zeek's spelling.
    private static let functions: [UInt8: String] = [
        1: "READ_COILS", 2: "READ_DISCRETE_INPUTS", 3: "READ_HOLDING_REGISTERS", 4: "READ_INPUT_REGISTERS",
        5: "WRITE_SINGLE_COIL", 6: "WRITE_SINGLE_REGISTER", 7: "READ_EXCEPTION_STATUS", 8: "DIAGNOSTICS",
        9: "PROGRAM_484", 10: "POLL_484", 11: "GET_COMM_EVENT_COUNTER", 12: "GET_COMM_EVENT_LOG",
        13: "PROGRAM_584_984", 14: "POLL_584_984", 15: "WRITE_MULTIPLE_COILS", 16: "WRITE_MULTIPLE_REGISTERS",
        17: "REPORT_SLAVE_ID", 18: "PROGRAM_884_U84", 19: "RESET_COMM_LINK_884_U84", 20: "READ_FILE_RECORD",
        21: "WRITE_FILE_RECORD", 22: "MASK_WRITE_REGISTER", 23: "READ_WRITE_MULTIPLE_REGISTERS",
        24: "READ_FIFO_QUEUE", 40: "PROGRAM_CONCEPT", 41: "MULTIPLE_FUNCTION_CODES",
        43: "ENCAP_INTERFACE_TRANSPORT", 90: "PROGRAM_UNITY", 91: "OBJECT_MESSAGING", 125: "FIRMWARE_REPLACEMENT",
        126: "PROGRAM_584_984_2", 127: "REPORT_LOCAL_ADDRESS",
    ]

    /// Section 7 of the same.
    private static let exceptions: [UInt8: String] = [
        1: "ILLEGAL_FUNCTION", 2: "ILLEGAL_DATA_ADDRESS", 3: "ILLEGAL_DATA_VALUE", 4: "SLAVE_DEVICE_FAILURE",
        5: "ACKNOWLEDGE", 6: "SLAVE_DEVICE_BUSY", 8: "MEMORY_PARITY_ERROR", 10: "GATEWAY_PATH_UNAVAILABLE",
        11: "GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND",
    ]
}
