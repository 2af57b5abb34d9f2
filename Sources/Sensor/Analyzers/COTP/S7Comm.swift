internal import Shared

/// S7comm, the protocol of Siemens S7-300 and S7-400 (no public specification; as the dissector of Wireshark and
/// ICSNPP describe it): who reads, writes, loads and stops controllers. Values and passwords are not kept.
enum S7Comm {
    /// What the header tells: 10 bytes, 12 in acknowledgements.
    private struct Header {
        let kind: UInt8
        let reference: UInt64
        var errorClass: UInt8?
        var errorCode: UInt8 = 0
    }

    /// Writes the records of one message, of which the beginning is enough.
    static func write(_ message: RawSpan, from side: Side, into sink: inout RecordSink) {
        guard let kind = try? message.byte(at: 1), let reference = try? message.readLE(at: 4, as: UInt16.self),
            let length = try? Int(message.readBE(at: 6, as: UInt16.self))
        else { return }
        var header = Header(kind: kind, reference: UInt64(reference))
        var start = 10
        if kind == 2 || kind == 3 {
            header.errorClass = try? message.byte(at: 10)
            header.errorCode = (try? message.byte(at: 11)) ?? 0
            start = 12
        }
        guard start <= message.byteCount else { return }
        let rest = message.extracting(droppingFirst: start)
        let parameters = rest.extracting(first: length)
        let data = rest.extracting(droppingFirst: Swift.min(length, rest.byteCount))
        if kind == 7 {
            writeUserData(header, parameters, data, from: side, into: &sink)
        } else {
            writeJob(header, parameters, data, from: side, into: &sink)
        }
    }

    // MARK: jobs and their acknowledgements

    private static func writeJob(
        _ header: Header, _ parameters: RawSpan, _ data: RawSpan, from side: Side, into sink: inout RecordSink
    ) {
        let s7 = Records.s7comm
        begin(header, from: side, into: &sink)
        let function = try? parameters.byte(at: 0)
        if let function {
            sink.batch.set(s7.functionCode, Hexadecimal.code(function, digits: 2))
            sink.batch.set(s7.functionName, S7Names.functions, function, otherwise: "unknown")
            if header.kind == 1, let service = controlService(function, parameters) {
                sink.batch.set(s7.subfunctionCode, service)
                sink.batch.set(s7.subfunctionName, S7Names.controlServices[service] ?? "unknown")
            }
        }
        if let errorClass = header.errorClass {
            let unknown = "Unknown error class-\(Hexadecimal.code(errorClass, digits: 2))"
            sink.batch.set(s7.errorClass, S7Names.errorClasses, errorClass, otherwise: unknown)
            sink.batch.set(s7.errorCode, Hexadecimal.code(header.errorCode, digits: 2))
        }
        sink.end()
        if let function, (0x1A...0x1F).contains(function), header.kind == 1 || header.kind == 3 {
            writeLoad(header, function, parameters, data, from: side, into: &sink)
        }
    }

    private static func begin(_ header: Header, from side: Side, into sink: inout RecordSink) {
        let s7 = Records.s7comm
        sink.begin(s7)
        sink.batch.set(s7.isOrig, side == .originator)
        sink.batch.set(s7.rosctrCode, UInt64(header.kind))
        sink.batch.set(s7.rosctrName, S7Names.kinds, header.kind, otherwise: "unknown")
        sink.batch.set(s7.pduReference, header.reference)
    }

    /// The service that a control of the whole controller asks for: `_INSE`, `P_PROGRAM`, ...
    private static func controlService(_ function: UInt8, _ parameters: RawSpan) -> String? {
        guard function == 0x28, let skipped = try? Int(parameters.readBE(at: 8, as: UInt16.self)),
            let length = try? Int(parameters.byte(at: 10 + skipped)), length > 0, length <= 16,
            (try? parameters.require(length, at: 11 + skipped)) != nil
        else { return nil }
        return parameters.extracting((11 + skipped)..<(11 + skipped + length)).text()
    }

    /// A block that is loaded into the controller or out of it.
    private static func writeLoad(
        _ header: Header, _ function: UInt8, _ parameters: RawSpan, _ data: RawSpan, from side: Side,
        into sink: inout RecordSink
    ) {
        let load = Records.s7commUploadDownload
        sink.begin(load)
        sink.batch.set(load.isOrig, side == .originator)
        sink.batch.set(load.rosctr, S7Names.kinds, header.kind, otherwise: "unknown")
        sink.batch.set(load.pduReference, header.reference)
        sink.batch.set(load.functionName, S7Names.functions, function, otherwise: "unknown")
        if let status = try? parameters.byte(at: 1) {
            sink.batch.set(load.functionStatus, Hexadecimal.code(status, digits: 2))
        }
        if header.kind == 1 || function == 0x1D, let session = try? parameters.readBE(at: 4, as: UInt32.self) {
            sink.batch.set(load.sessionID, UInt64(session))
        }
        let text = counted(parameters, at: 8)
        if header.kind == 3 {
            let announced = text.flatMap { HTTPText.decimal(parameters.extracting($0)) }
            let carried = (try? data.readBE(at: 0, as: UInt16.self)).map(UInt64.init)
            sink.batch.set(load.blocklength, function == 0x1D ? announced : carried)
        } else if let text, let name = BlockName(parameters.extracting(text)) {
            sink.batch.set(load.filename, parameters.extracting(text).text())
            sink.batch.set(load.blockType, S7Names.blockTypes[name.type] ?? "Unknown")
            sink.batch.set(load.blockNumber, name.number)
            sink.batch.set(load.destinationFilesystem, S7Names.filesystems[name.filesystem] ?? "Unknown")
            // Length in load memory: six digits behind a `1`.
            if function == 0x1A, let lengths = counted(parameters, at: text.upperBound), lengths.count == 13 {
                let digits = (lengths.lowerBound + 1)..<(lengths.lowerBound + 7)
                sink.batch.set(load.blocklength, HTTPText.decimal(parameters.extracting(digits)))
            }
        }
        sink.end()
    }

    /// Bytes behind a byte that counts them.
    private static func counted(_ bytes: RawSpan, at offset: Int) -> Range<Int>? {
        guard let length = try? Int(bytes.byte(at: offset)), length > 0,
            (try? bytes.require(length, at: offset + 1)) != nil
        else { return nil }
        return (offset + 1)..<(offset + 1 + length)
    }

    /// `_0A00001P`: an underscore, type, number, and where the block lies.
    private struct BlockName {
        let type, number, filesystem: String

        init?(_ text: RawSpan) {
            guard text.byteCount == 9, text.starts(with: "_") else { return nil }
            type = text.extracting(1..<3).text()
            number = text.extracting(3..<8).text()
            filesystem = text.extracting(8..<9).text()
        }
    }

    // MARK: user data

    /// Parameters: three bytes, what follows, method, kind and group, function of the group, sequence; in responses
    /// also a reference, whether more follows, and an error.
    private static func writeUserData(
        _ header: Header, _ parameters: RawSpan, _ data: RawSpan, from side: Side, into sink: inout RecordSink
    ) {
        begin(header, from: side, into: &sink)
        setUserData(parameters, into: &sink)
        sink.end()
        // Reading the system status tells who asks what a controller is.
        guard let method = try? parameters.byte(at: 4), (try? parameters.byte(at: 5) & 15) == 4,
            (try? parameters.byte(at: 6)) == 1, data.byteCount >= 8
        else { return }
        writeSystemStatus(header, method, data, from: side, into: &sink)
    }

    private static func setUserData(_ parameters: RawSpan, into sink: inout RecordSink) {
        let s7 = Records.s7comm
        guard let method = try? parameters.byte(at: 4), let function = try? parameters.byte(at: 5),
            let subfunction = try? parameters.byte(at: 6)
        else { return }
        sink.batch.set(s7.functionCode, Hexadecimal.code(function, digits: 2))
        let direction =
            switch function >> 4 {
            case 4: "Request"
            case 8: "Response"
            case 0: "Push"
            default: "Unknown"
            }
        let group = S7Names.groups[function & 15].map { "\($0)" } ?? "unknown"
        sink.batch.set(s7.functionName, "\(direction): \(group)")
        sink.batch.set(s7.subfunctionCode, Hexadecimal.code(subfunction, digits: 2))
        if let names = S7Names.subfunctions(function & 15) {
            sink.batch.set(s7.subfunctionName, names, subfunction, otherwise: "unknown")
        }
        let error = method == 0x12 ? try? parameters.readBE(at: 10, as: UInt16.self) : nil
        if let error {
            sink.batch.set(s7.errorClass, name: error == 0 ? "No error" : "Parameter Error")
            sink.batch.set(s7.errorCode, Hexadecimal.code(error, digits: 2))
        }
    }

    /// A list of the system status (what the controller is, how it is) that was read.
    private static func writeSystemStatus(
        _ header: Header, _ method: UInt8, _ data: RawSpan, from side: Side, into sink: inout RecordSink
    ) {
        let list = Records.s7commReadSZL
        sink.begin(list)
        sink.batch.set(list.isOrig, side == .originator)
        sink.batch.set(list.pduReference, header.reference)
        sink.batch.set(list.method, name: method == 0x11 ? "Request" : method == 0x12 ? "Response" : "Unknown")
        defer { sink.end() }
        guard let code = try? data.byte(at: 0), let number = try? data.readBE(at: 4, as: UInt16.self),
            let index = try? data.readBE(at: 6, as: UInt16.self)
        else { return }
        sink.batch.set(list.szlID, Hexadecimal.code(number, digits: 4))
        sink.batch.set(list.szlIDName, S7Names.statusLists, number & 0xFF, otherwise: "Unknown")
        sink.batch.set(list.szlIndex, Hexadecimal.code(index, digits: 4))
        sink.batch.set(list.returnCode, Hexadecimal.code(code, digits: 2))
        sink.batch.set(list.returnCodeName, S7Names.returnCodes, code, otherwise: "Unknown")
    }
}
