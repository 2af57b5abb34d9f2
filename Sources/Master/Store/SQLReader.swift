import Shared

/// Reads PostgreSQL's binary formats of the types in ``SQLType``.
enum SQLReader {
    /// - Throws: ``DatabaseError`` for types that the program does not speak and values that are cut.
    static func value(_ bytes: UnsafeRawBufferPointer, type: UInt32) throws(DatabaseError) -> SQLValue {
        let span = bytes.bytes
        do {
            switch type {
            case SQLType.bool: return .bool(try span.byte(at: 0) != 0)
            case SQLType.int2: return .int(Int64(try span.readBE(at: 0, as: Int16.self)))
            case SQLType.int4: return .int(Int64(try span.readBE(at: 0, as: Int32.self)))
            case SQLType.oid: return .int(Int64(try span.readBE(at: 0, as: UInt32.self)))
            case SQLType.int8: return .int(try span.readBE(at: 0))
            case SQLType.float4: return .double(Double(Float(bitPattern: try span.readBE(at: 0))))
            case SQLType.float8: return .double(Double(bitPattern: try span.readBE(at: 0)))
            case SQLType.timestamptz: return .time(SQLTime.timestamp(try span.readBE(at: 0)))
            case SQLType.text, SQLType.varchar, SQLType.name, SQLType.json:
                return .text(String(decoding: bytes, as: UTF8.self))
            case SQLType.jsonb: return .text(String(decoding: bytes.dropFirst(), as: UTF8.self))
            case SQLType.bytea: return .bytes(Array(bytes))
            case SQLType.inet: return .text(try address(span))
            case SQLType.textArray: return try texts(bytes)
            case SQLType.int8Array:
                return .ints(try elements(span) { span, at throws(DecodeError) in try span.readBE(at: at) })
            case SQLType.float8Array:
                return .doubles(
                    try elements(span) { span, at throws(DecodeError) in
                        Double(bitPattern: try span.readBE(at: at))
                    })
            default: break
            }
        } catch {
            throw DatabaseError(.statement, "The server sent a cut value of type \(type): \(error)")
        }
        throw DatabaseError(
            .statement, "The answer has a column of type number \(type), which the program does not read",
            hint: "cast it to text in the statement")
    }

    /// `inet`: the address as text, with its prefix where that is not the whole address.
    private static func address(_ span: RawSpan) throws(DecodeError) -> String {
        let isV4 = try span.byte(at: 0) == 2
        let prefix = try span.byte(at: 1)
        let address =
            isV4
            ? IPAddress(v4: try span.readBE(at: 4))
            : IPAddress(high: try span.readBE(at: 4), low: try span.readBE(at: 12))
        return address.description + (prefix == (isV4 ? 32 : 128) ? "" : "/\(prefix)")
    }

    /// Offsets and lengths of an array's elements; -1 for NULL.
    private static func layout(_ span: RawSpan) throws(DecodeError) -> [(at: Int, count: Int)] {
        guard try span.readBE(at: 0, as: Int32.self) > 0 else { return [] }
        let count = Int(try span.readBE(at: 12, as: Int32.self))
        var result: [(at: Int, count: Int)] = []
        var at = 20
        for _ in 0..<count {
            let length = Int(try span.readBE(at: at, as: Int32.self))
            at += 4
            result.append((at, length))
            if length > 0 {
                try span.require(length, at: at)
                at += length
            }
        }
        return result
    }

    private static func elements<T>(
        _ span: RawSpan, _ read: (RawSpan, Int) throws(DecodeError) -> T
    ) throws(DecodeError) -> [T] {
        var result: [T] = []
        for (at, count) in try layout(span) where count >= 0 { result.append(try read(span, at)) }
        return result
    }

    private static func texts(_ bytes: UnsafeRawBufferPointer) throws(DecodeError) -> SQLValue {
        let found = try layout(bytes.bytes).map { at, count in
            count < 0 ? nil : String(decoding: bytes[at..<(at + count)], as: UTF8.self)
        }
        return found.contains(nil) ? .optionalTexts(found) : .texts(found.compactMap(\.self))
    }
}
