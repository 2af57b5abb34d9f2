import Glibc
internal import Protocol
public import Shared

/// Writes records as one `NAME.log` per kind; a log exists only when there is a record for it. As batches they all go
/// to one file, `sensor.batches`: the messages that a sensor would send, each behind its length (docs/protocol.md).
public struct LogDirectory: ~Copyable {
    public let path: String
    public let format: LogFormat
    public private(set) var recordCount: UInt64 = 0
    private var files: [LogSlot]
    private let batches = LogSlot(isAppending: false)
    private var sequence: UInt64 = 0

    /// - Parameters:
    ///   - path: the directory; made with its parents when it is not there.
    ///   - appending: goes on behind the logs that are there; batches begin anew.
    /// - Throws: ``LogError`` when it cannot be made.
    public init(path: String, format: LogFormat, appending: Bool = false) throws(LogError) {
        try Self.make(path)
        self.path = path
        self.format = format
        files = Records.kinds.map { _ in LogSlot(isAppending: appending) }
    }

    /// Makes a directory with its parents.
    private static func make(_ path: String) throws(LogError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw LogError(path: path, reason: String(cString: strerror(errno)))
        }
        try make(String(path[..<slash]))
        if mkdir(path, 0o755) != 0, errno != EEXIST {
            throw LogError(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Writes all records of a batch.
    public mutating func write(_ batch: RecordBatch) throws(LogError) {
        if format == .batch { return try send(batch) }
        for table in batch.tables {
            let slot = files[table.kindIndex]
            guard table.rowCount > 0 else { continue }
            try slot.write(table, batch.strings, format, to: "\(path)/\(table.kind.name).log")
            recordCount += UInt64(table.rowCount)
        }
    }

    private mutating func send(_ batch: RecordBatch) throws(LogError) {
        let file = "\(path)/sensor.batches"
        try batches.open(file)
        sequence += 1
        do {
            try batches.write(try WireFrame.batch(sequence, try BatchEncoder.encode(batch)).framed())
        } catch let error as LogError {
            throw error
        } catch {
            throw LogError(path: file, reason: "a batch cannot be encoded: \(error)")
        }
        recordCount += UInt64(batch.recordCount)
    }

    /// Writes what is still in memory, for those who read along.
    public mutating func flush() throws(LogError) {
        for slot in files { try slot.flush() }
        try batches.flush()
    }

    /// Ends the logs, and writes what is still in memory; once.
    public mutating func finish() throws(LogError) {
        for slot in files { try slot.end(format) }
        try batches.end(format)
    }
}

/// The file of one kind, once it is needed.
private final class LogSlot {
    private var file: LogFile?
    private let isAppending: Bool
    /// Of its records.
    private var latestTime = Timestamp.distantPast

    init(isAppending: Bool) { self.isAppending = isAppending }

    func open(_ path: String) throws(LogError) {
        if file == nil { file = try LogFile(path: path, appending: isAppending) }
    }

    func flush() throws(LogError) { try file?.flush() }

    /// Writes the rows of a table, which has some.
    func write(
        _ table: RecordTable, _ strings: StringTable, _ format: LogFormat, to path: String
    ) throws(LogError) {
        let fields = ZeekColumn.all(of: table.kind)
        if file == nil {
            try open(path)
            if format == .zeekTSV {
                let opened = Self.time(table, 0)
                try file?.append { TSVRecordWriter.header(table.kind, opened: opened, into: &$0) }
            }
        }
        for row in 0..<table.rowCount {
            latestTime = max(latestTime, Self.time(table, row))
            try file?.append { out in
                if format == .zeekTSV {
                    TSVRecordWriter.write(table, fields, row, strings, into: &out)
                } else {
                    JSONRecordWriter.write(table, fields, row, strings, into: &out)
                }
            }
        }
    }

    /// Every record begins with its time.
    private static func time(_ table: RecordTable, _ row: Int) -> Timestamp {
        guard let column = table.columns.first, column.isPresent(row) else { return .distantPast }
        return Timestamp(nanoseconds: Int64(bitPattern: column.numbers[row]))
    }

    func write(_ message: [UInt8]) throws(LogError) { try file?.append { $0 += message } }

    func end(_ format: LogFormat) throws(LogError) {
        guard file != nil else { return }
        let closed = latestTime
        if format == .zeekTSV { try file?.append { TSVRecordWriter.trailer(closed: closed, into: &$0) } }
        try file?.flush()
    }
}
