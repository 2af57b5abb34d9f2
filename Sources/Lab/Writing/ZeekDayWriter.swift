internal import Shared
#if canImport(Glibc)
    internal import Glibc
#endif

/// Writes days as Zeek writes them: a directory per day, one JSON log per kind of record, in order of `ts`.
public struct ZeekDayWriter: Sendable {
    private let directory: String

    /// - Parameter directory: of the site; made where it is missing.
    /// - Throws: ``LabError/cannotWrite(path:reason:)``.
    public init(directory: String) throws(LabError) {
        self.directory = directory
        try Self.make(directory)
    }

    /// - Throws: ``LabError/cannotWrite(path:reason:)``.
    public func write(_ day: LabDay) throws(LabError) {
        let path = directory + "/" + day.name
        try Self.make(path)
        for index in day.batch.tables.indices {
            let table = day.batch.tables[index]
            var out = JSONWriter()
            for row in day.rows(of: index) { Self.line(row, of: table, strings: day.batch.strings, into: &out) }
            try Self.save(out.bytes, as: path + "/" + table.kind.name + ".log")
        }
    }

    /// Appends lines to `truth.jsonl` in `directory`, so that several sites may share one file.
    /// - Throws: ``LabError/cannotWrite(path:reason:)``.
    public static func append(_ truths: [Truth], in directory: String) throws(LabError) {
        let lines = truths.map { $0.json + "\n" }.joined()
        try save(Array(lines.utf8), as: directory + "/truth.jsonl", mode: "a")
    }

    private static func line(_ row: Int, of table: RecordTable, strings: StringTable, into out: inout JSONWriter) {
        out.begin()
        for field in table.kind.fields {
            let column = table.columns[field.position]
            guard column.isPresent(row) else { continue }
            let isNames = field.name == "service" && field.type == .strings
            if isNames, column.listRange(row).isEmpty { continue }
            out.name(field.name)
            if isNames {
                out.string(column.strings[column.listRange(row)].map { strings[$0] }.joined(separator: ","))
            } else {
                value(column, row, field.type, strings, into: &out)
            }
        }
        out.finish()
        out.newline()
    }

    private static func value(
        _ column: Column, _ row: Int, _ type: FieldType, _ strings: StringTable, into out: inout JSONWriter
    ) {
        switch type {
        case .time, .interval: out.seconds(Int64(bitPattern: column.numbers[row]))
        case .count, .port: out.raw(String(column.numbers[row]))
        case .bool: out.raw(column.numbers[row] == 0 ? "false" : "true")
        case .double: out.raw(String(column.doubles[row]))
        case .string, .address: out.string(strings[column.strings[row]])
        case .strings, .counts, .intervals: list(column, column.listRange(row), type, strings, into: &out)
        }
    }

    private static func list(
        _ column: Column, _ range: Range<Int>, _ type: FieldType, _ strings: StringTable, into out: inout JSONWriter
    ) {
        out.raw("[")
        for index in range {
            if index > range.lowerBound { out.raw(",") }
            switch type {
            case .strings: out.string(strings[column.strings[index]])
            case .intervals: out.seconds(Int64(bitPattern: column.numbers[index]))
            default: out.raw(String(column.numbers[index]))
            }
        }
        out.raw("]")
    }

    private static func make(_ path: String) throws(LabError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw .cannotWrite(path: made, reason: String(cString: strerror(errno)))
            }
        }
    }

    private static func save(_ bytes: [UInt8], as path: String, mode: String = "w") throws(LabError) {
        guard let file = fopen(path, mode) else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        let isClosed = fclose(file) == 0
        guard written == bytes.count, isClosed else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
    }
}
