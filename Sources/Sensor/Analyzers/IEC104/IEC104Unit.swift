internal import Shared

/// What a unit of the application of IEC 60870-5-104 tells: header, and of a command what is commanded.
struct IEC104Unit: Sendable {
    let side: Side
    let type: UInt8
    /// Cause with the bits for a negative confirmation (0x40) and a test (0x80).
    let cause: UInt8
    let originator: UInt8
    let commonAddress: UInt16
    /// Address of the first object.
    let firstObject: UInt64
    /// When it came, and the first of those that are told together.
    var start: Timestamp
    var objectCount: UInt64
    var unitCount: UInt64 = 1
    private var command: StaticString?
    private var isSelect: Bool?
    private var value: Double?

    /// - Parameter frame: a whole information frame.
    init(_ frame: RawSpan, from side: Side, at time: Timestamp) throws(DecodeError) {
        (self.side, start) = (side, time)
        type = try frame.byte(at: 6)
        objectCount = UInt64(try frame.byte(at: 7) & 0x7F)
        cause = try frame.byte(at: 8)
        originator = try frame.byte(at: 9)
        commonAddress = try frame.readLE(at: 10)
        firstObject = UInt64(try frame.readLE(at: 12, as: UInt16.self)) | UInt64(try frame.byte(at: 14)) << 16
        try readCommand(frame, at: 15)
    }

    /// Reports of values are many: those of one kind are told together. Commands, parameters, files and what concerns
    /// a whole station are told one by one.
    var isReport: Bool { type <= 40 && cause & 0xC0 == 0 }

    /// Whether another report can be told together with this one.
    func isLike(_ other: IEC104Unit) -> Bool {
        side == other.side && type == other.type && cause == other.cause && commonAddress == other.commonAddress
    }

    /// Reads the first object of a command (IEC 60870-5-101 sections 7.2.6.15 to 7.2.6.18, 7.2.6.39).
    private mutating func readCommand(_ frame: RawSpan, at offset: Int) throws(DecodeError) {
        let qualifier: UInt8
        switch type {
        case 45, 58:
            qualifier = try frame.byte(at: offset)
            command = qualifier & 1 != 0 ? "on" : "off"
        case 46, 59:
            qualifier = try frame.byte(at: offset)
            command = qualifier & 3 == 1 ? "off" : qualifier & 3 == 2 ? "on" : "invalid"
        case 47, 60:
            qualifier = try frame.byte(at: offset)
            command = qualifier & 3 == 1 ? "lower" : qualifier & 3 == 2 ? "higher" : "invalid"
        case 48, 61:
            value = Double(Int16(bitPattern: try frame.readLE(at: offset))) / 32_768
            qualifier = try frame.byte(at: offset + 2)
        case 49, 62:
            value = Double(Int16(bitPattern: try frame.readLE(at: offset)))
            qualifier = try frame.byte(at: offset + 2)
        case 50, 63:
            value = Double(Float(bitPattern: try frame.readLE(at: offset)))
            qualifier = try frame.byte(at: offset + 4)
        case 51, 64:
            value = Double(try frame.readLE(at: offset, as: UInt32.self))
            return
        default: return
        }
        isSelect = qualifier & 0x80 != 0
    }

    func write(into sink: inout RecordSink) {
        let iec = Records.iec104
        sink.begin(iec, at: start)
        sink.batch.set(iec.isOrig, side == .originator)
        sink.batch.set(iec.apduType, name: "I")
        sink.batch.set(iec.asduType, IEC104Frame.types, type, otherwise: "unknown-\(type)")
        sink.batch.set(iec.asduTypeCode, UInt64(type))
        sink.batch.set(iec.cause, IEC104Frame.causes, cause & 0x3F, otherwise: "unknown-\(cause & 0x3F)")
        sink.batch.set(iec.isNegative, cause & 0x40 != 0)
        sink.batch.set(iec.isTest, cause & 0x80 != 0)
        sink.batch.set(iec.originatorAddress, UInt64(originator))
        sink.batch.set(iec.commonAddress, UInt64(commonAddress))
        sink.batch.set(iec.objectAddress, firstObject)
        sink.batch.set(iec.objectCount, objectCount)
        sink.batch.set(iec.asduCount, unitCount)
        if let command { sink.batch.set(iec.command, name: command) }
        sink.batch.set(iec.isSelect, isSelect)
        sink.batch.set(iec.value, value)
        sink.end()
    }
}
