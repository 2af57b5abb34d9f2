internal import Shared

/// A call of a procedure ([MS-TDS] section 2.2.6.6).
enum TDSCall {
    /// Parameters that are told: the statement of a prepared call is among the first.
    private static let parameterLimit = 32

    /// - Parameter hidesExecutions: a statement was prepared before that may be about a password: what it is executed
    ///   with is not told from then on.
    /// - Returns: whether its values are hidden.
    static func write(_ body: [UInt8], hidesExecutions: inout Bool, into sink: inout RecordSink) -> Bool {
        var reader = ByteReader(body[TDSMessage.headers(body).byteCount...])
        guard let name = try? name(&reader) else { return false }
        let parameters = parameters(&reader)
        let isHidden = parameters.contains { QueryText.isHidden($0.value) }
        if isHidden, preparations.contains(name) { hidesExecutions = true }
        let hidesAll =
            isHidden || QueryText.mayHoldSecret(name) || hidesExecutions && executions.contains(name)
        let record = Records.tdsRPC
        sink.begin(record)
        sink.batch.set(record.procedureName, name)
        sink.batch.set(record.parameters, parameters.map { $0.text(isHidden: hidesAll) }.nilIfEmpty)
        sink.end()
        return hidesAll
    }

    /// Procedures that prepare a statement, and those that execute one by its number.
    private static let preparations: Set<String> = [
        "Sp_Prepare", "Sp_PrepExec", "Sp_PrepExecRpc", "Sp_CursorPrepare", "Sp_CursorPrepExec",
    ]
    private static let executions: Set<String> = ["Sp_Execute", "Sp_CursorExecute"]

    private struct Parameter {
        let name, value: String

        /// - Parameter isHidden: a value is not told; of a statement that is hidden itself, how it begins is.
        func text(isHidden: Bool) -> String {
            let isValueHidden = isHidden && !QueryText.isHidden(value) || isSecret(name)
            return "\(name)=\(isValueHidden ? "<hidden>" : value)"
        }
    }

    /// A name, or 0xFFFF and the number of a procedure that every server has. Two bytes of flags are behind.
    private static func name(_ reader: inout ByteReader) throws(DecodeError) -> String {
        let count = try reader.le(UInt16.self)
        defer { try? reader.skip(2) }
        guard count == 0xFFFF else { return UTF16Text.littleEndian(try reader.take(2 * Int(count)).prefix(512)) }
        let number = try reader.le(UInt16.self)
        return procedures[number] ?? "unknown-\(number)"
    }

    /// What can be read of them: a type that is not read here ends the list.
    private static func parameters(_ reader: inout ByteReader) -> [Parameter] {
        var list: [Parameter] = []
        while list.count < parameterLimit, let count = try? reader.byte(),
            let name = try? reader.take(2 * Int(count)), (try? reader.skip(1)) != nil,
            let type = try? reader.byte(), let value = try? value(type, &reader)
        {
            list.append(Parameter(name: UTF16Text.littleEndian(name), value: value))
        }
        return list
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("pass") || name.contains("pwd") || name.contains("secret")
    }

    /// Section 2.2.5.5: the types that clients send most.
    private static func value(_ type: UInt8, _ reader: inout ByteReader) throws(DecodeError) -> String {
        switch type {
        case 0x26, 0x68, 0x6D, 0x6E, 0x6F, 0x24:  // integer, bit, float, money, date and time, GUID
            _ = try reader.byte()
            let content = try reader.take(Int(try reader.byte()))
            return content.isEmpty ? "NULL" : number(type, content)
        case 0xE7, 0xEF, 0xA7, 0xAF, 0xA5, 0xAD:  // texts of 16 and 8 bits, bytes
            let limit = try reader.le(UInt16.self)
            if type != 0xA5, type != 0xAD { try reader.skip(5) }  // how it is compared
            // Without a limit the value comes in pieces (section 2.2.5.2.3).
            let content = limit == 0xFFFF ? try pieces(&reader) : try bounded(&reader)
            guard let content else { return "NULL" }
            return text(type, content.prefix(2 * QueryText.limit + 2))
        default: throw .invalid(.type)
        }
    }

    private static func bounded(_ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8>? {
        let length = try reader.le(UInt16.self)
        return length == 0xFFFF ? nil : try reader.take(Int(length))
    }

    /// The first piece; the others are passed over.
    private static func pieces(_ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8>? {
        guard try reader.le(UInt64.self) != UInt64.max else { return nil }
        var first: ArraySlice<UInt8> = []
        // Each piece takes four bytes at least of a message that is bounded.
        while case let length = Int(try reader.le(UInt32.self)), length > 0 {
            let piece = try reader.take(length)
            if first.isEmpty { first = piece }
        }
        return first
    }

    private static func number(_ type: UInt8, _ content: ArraySlice<UInt8>) -> String {
        guard type == 0x26 || type == 0x68, content.count <= 8 else { return Hexadecimal.text(of: content) }
        let bits = content.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let shift = 64 - 8 * content.count
        return type == 0x68 ? (bits == 0 ? "False" : "True") : "\(Int64(bitPattern: bits << shift) >> shift)"
    }

    private static func text(_ type: UInt8, _ content: ArraySlice<UInt8>) -> String {
        switch type {
        case 0xE7, 0xEF: QueryText.shown(UTF16Text.littleEndian(content))
        case 0xA7, 0xAF: QueryText.shown(content.wireText)
        default: Hexadecimal.text(of: content.prefix(64))
        }
    }

    /// Section 2.2.6.6.
    private static let procedures: [UInt16: String] = [
        1: "Sp_Cursor", 2: "Sp_CursorOpen", 3: "Sp_CursorPrepare", 4: "Sp_CursorExecute", 5: "Sp_CursorPrepExec",
        6: "Sp_CursorUnprepare", 7: "Sp_CursorFetch", 8: "Sp_CursorOption", 9: "Sp_CursorClose",
        10: "Sp_ExecuteSql", 11: "Sp_Prepare", 12: "Sp_Execute", 13: "Sp_PrepExec", 14: "Sp_PrepExecRpc",
        15: "Sp_Unprepare",
    ]
}
