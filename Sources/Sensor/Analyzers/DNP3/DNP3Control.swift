internal import Shared

/// Commands to outputs (IEEE 1815-2012 appendix A, groups 12 and 41), in requests and as responses echo them.
enum DNP3Control {
    /// Commands of one fragment that records tell of; a fragment of 2,048 bytes holds at most 409.
    private static let commandLimit = 409

    /// Whether a fragment, of which the beginning is here, holds commands.
    static func isWorthReading(_ fragment: ArraySlice<UInt8>) -> Bool {
        let start = fragment.startIndex
        guard fragment.count >= 2 else { return false }
        switch fragment[start + 1] {
        case 0x03...0x06: return true  // select, operate, direct operate with and without reply
        case 0x81: return fragment.count > 4 && [12, 41].contains(fragment[start + 4])
        default: return false
        }
    }

    /// Writes one record a command.
    static func write(_ fragment: [UInt8], into sink: inout RecordSink) {
        var reader = ByteReader(fragment)
        guard (try? reader.skip(1)) != nil, let function = try? reader.byte() else { return }
        if function & 0x80 != 0, (try? reader.skip(2)) == nil { return }
        var left = commandLimit
        // What cannot be read ends the list; that the fragment itself was odd is no reason to drop the connection.
        while !reader.isEmpty, left > 0 {
            guard (try? writeObjects(&reader, function, &left, into: &sink)) == true else { return }
        }
    }

    /// One header of objects and the objects behind it (section 4.2.2.7).
    private static func writeObjects(
        _ reader: inout ByteReader, _ function: UInt8, _ left: inout Int, into sink: inout RecordSink
    ) throws(DecodeError) -> Bool {
        let (group, variation) = (try reader.byte(), try reader.byte())
        let qualifier = try reader.byte()
        guard let size = size(group, variation), let range = try readRange(&reader, qualifier) else { return false }
        for position in 0..<Swift.min(range.count, left) {
            left -= 1
            let index = try readIndex(&reader, qualifier) ?? range.first &+ UInt64(position)
            var object = try reader.reader(size)
            try write(&object, group, variation, index: index, function, into: &sink)
        }
        return true
    }

    /// Bytes of an object, nil for those that are not commands.
    private static func size(_ group: UInt8, _ variation: UInt8) -> Int? {
        switch (group, variation) {
        case (12, 1), (12, 2): 11
        case (41, 1), (41, 3): 5
        case (41, 2): 3
        case (41, 4): 9
        default: nil
        }
    }

    /// How many objects follow, and the index of the first when they have none of their own (section 4.2.2.7.3).
    private static func readRange(
        _ reader: inout ByteReader, _ qualifier: UInt8
    ) throws(DecodeError) -> (first: UInt64, count: Int)? {
        let first: UInt64
        let last: UInt64
        switch qualifier & 0x0F {
        case 0: (first, last) = (UInt64(try reader.byte()), UInt64(try reader.byte()))
        case 1: (first, last) = (UInt64(try reader.le(UInt16.self)), UInt64(try reader.le(UInt16.self)))
        case 2: (first, last) = (UInt64(try reader.le(UInt32.self)), UInt64(try reader.le(UInt32.self)))
        case 7: return (0, Int(try reader.byte()))
        case 8: return (0, Int(try reader.le(UInt16.self)))
        case 9: return (0, Int(try reader.le(UInt32.self)))
        default: return nil
        }
        return last >= first ? (first, Int(last - first) + 1) : nil
    }

    private static func readIndex(_ reader: inout ByteReader, _ qualifier: UInt8) throws(DecodeError) -> UInt64? {
        switch qualifier >> 4 & 7 {
        case 1: UInt64(try reader.byte())
        case 2: UInt64(try reader.le(UInt16.self))
        case 3: UInt64(try reader.le(UInt32.self))
        default: nil
        }
    }

    private static func write(
        _ object: inout ByteReader, _ group: UInt8, _ variation: UInt8, index: UInt64, _ function: UInt8,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        let control = Records.dnp3Control
        sink.begin(control)
        // Begun records are ended whatever comes.
        defer { sink.end() }
        DNP3Names.set(control.functionCode, function, &sink)
        sink.batch.set(control.indexNumber, index)
        if group == 12 {
            let isBlock = variation == 1
            sink.batch.set(control.blockType, name: isBlock ? "Control Relay Output Block" : "Pattern Control Block")
            let code = try object.byte()
            sink.batch.set(control.tripControlCode, trips, code >> 6, otherwise: "unknown-\(code >> 6)")
            sink.batch.set(control.operationType, operations, code & 15, otherwise: "unknown-\(code & 15)")
            sink.batch.set(control.executeCount, UInt64(try object.byte()))
            sink.batch.set(control.onTime, UInt64(try object.le(UInt32.self)))
            sink.batch.set(control.offTime, UInt64(try object.le(UInt32.self)))
        } else {
            sink.batch.set(control.blockType, analogOutputs, variation, otherwise: "Analog Output Block")
            sink.batch.set(control.value, try readValue(&object, variation))
        }
        let status = try object.byte()
        sink.batch.set(control.statusCode, statuses, status, otherwise: "unknown-\(String(status, radix: 16))")
    }

    private static func readValue(_ object: inout ByteReader, _ variation: UInt8) throws(DecodeError) -> Double {
        switch variation {
        case 1: Double(Int32(bitPattern: try object.le()))
        case 2: Double(Int16(bitPattern: try object.le()))
        case 3: Double(Float(bitPattern: try object.le()))
        default: Double(bitPattern: try object.le())
        }
    }

    private static let trips: CodeNames = [0: "Nul", 1: "Close", 2: "Trip"]
    private static let operations: CodeNames = [
        0: "Nul", 1: "Pulse On", 2: "Pulse Off", 3: "Latch On", 4: "Latch Off",
    ]
    private static let analogOutputs: CodeNames = [
        1: "32-Bit Analog Output Block", 2: "16-Bit Analog Output Block", 3: "32-Bit Floating Point Output Block",
        4: "64-Bit Floating Point Output Block",
    ]
    /// Control-related status codes, table A-3.
    private static let statuses: CodeNames = [
        0x00: "Success", 0x01: "Timeout", 0x02: "No Select", 0x03: "Format Error", 0x04: "Not Supported",
        0x05: "Latch Off", 0x06: "Already Active", 0x07: "Hardware Error", 0x08: "Too Many Objs",
        0x09: "Not Authorized", 0x0A: "Automation Inhibit", 0x0B: "Processing Limited", 0x0C: "Out of Range",
        0x7E: "Non Participating", 0x7F: "Undefined",
    ]
}
