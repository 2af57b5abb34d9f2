import CPostgres

/// One libpq connection. Every call blocks, so it lives on the thread of its ``PostgresConnection``.
public final class PostgresSession {
    private var connection: OpaquePointer?

    /// Connects.
    /// - Parameter address: a libpq connection string or URI.
    /// - Throws: ``DatabaseError`` of kind `.connection` with the server's words.
    init(_ address: String) throws(DatabaseError) {
        connection = PQconnectdb(address)
        guard PQstatus(connection) == CONNECTION_OK else {
            let said = Self.text(PQerrorMessage(connection))
            PQfinish(connection)
            connection = nil
            throw DatabaseError(
                .connection, "Cannot connect to the database: \(said)", hint: "check that it runs, and --database")
        }
        // What the server says beside an answer would go to standard error; errors come with the answer itself.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        try script("SET timezone = 'UTC'; SET client_min_messages = warning; SET statement_timeout = 0")
    }

    deinit { PQfinish(connection) }

    /// Whether the connection is still good after an error.
    var isAlive: Bool { PQstatus(connection) == CONNECTION_OK }

    /// Runs one statement with its values bound as `$1`, `$2`, ...
    /// - Throws: ``DatabaseError``
    @discardableResult
    public func query(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> [SQLRow] {
        let result = send(sql, values)
        defer { PQclear(result) }
        try check(result, sql)
        return try rows(result)
    }

    /// Runs one statement and tells how many rows it changed.
    /// - Throws: ``DatabaseError``
    @discardableResult
    public func execute(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> Int {
        let result = send(sql, values)
        defer { PQclear(result) }
        try check(result, sql)
        return Int(Self.text(PQcmdTuples(result))) ?? 0
    }

    /// Runs several statements without values, as one text.
    /// - Throws: ``DatabaseError``
    public func script(_ sql: String) throws(DatabaseError) {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        try check(result, sql)
    }

    /// Runs `body` in a transaction: all of it or nothing.
    public func transaction<R>(_ body: (PostgresSession) throws -> R) throws -> R {
        try script("BEGIN")
        do {
            let result = try body(self)
            try script("COMMIT")
            return result
        } catch {
            // When the rollback fails too, the connection is gone and the server rolls back by itself.
            if isAlive, PQtransactionStatus(connection) != PQTRANS_IDLE { PQclear(PQexec(connection, "ROLLBACK")) }
            throw error
        }
    }

    /// Sends rows in PostgreSQL's binary COPY format.
    /// - Parameter sql: `COPY table (columns) FROM STDIN (FORMAT binary)`.
    /// - Throws: ``DatabaseError``; then none of the rows is in.
    @discardableResult
    public func copy(_ sql: String, _ data: [UInt8]) throws(DatabaseError) -> Int {
        let begun = PQexec(connection, sql)
        defer { PQclear(begun) }
        guard PQresultStatus(begun) == PGRES_COPY_IN else { throw failure(begun, sql) }
        var sent: Int32 = 1
        data.withUnsafeBytes { raw in
            let chunk = 1 << 20
            var at = 0
            while at < raw.count, sent == 1 {
                let count = min(chunk, raw.count - at)
                sent = PQputCopyData(
                    connection, raw.baseAddress?.advanced(by: at).assumingMemoryBound(to: CChar.self), Int32(count))
                at += count
            }
        }
        if sent == 1 { sent = PQputCopyEnd(connection, nil) }
        let ended = PQgetResult(connection)
        defer { PQclear(ended) }
        while let extra = PQgetResult(connection) { PQclear(extra) }
        guard sent == 1, PQresultStatus(ended) == PGRES_COMMAND_OK else { throw failure(ended, sql) }
        return Int(Self.text(PQcmdTuples(ended))) ?? 0
    }

    // MARK: - Private

    private func send(_ sql: String, _ values: [SQLValue]) -> OpaquePointer? {
        var writer = SQLWriter()
        var offsets: [Int] = []
        var lengths: [Int32] = []
        for value in values {
            offsets.append(writer.bytes.count)
            writer.append(value)
            lengths.append(Int32(writer.bytes.count - (offsets.last ?? 0)))
        }
        writer.append(UInt8(0))  // an address for empty values: a null pointer would mean NULL
        let types = values.map(\.typeOID)
        let formats = [Int32](repeating: 1, count: values.count)
        return writer.bytes.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = zip(values, offsets).map { value, offset in value == .null ? nil : base?.advanced(by: offset)
            }
            return PQexecParams(connection, sql, Int32(values.count), types, pointers, lengths, formats, 1)
        }
    }

    private func check(_ result: OpaquePointer?, _ sql: String) throws(DatabaseError) {
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY else {
            throw failure(result, sql)
        }
    }

    private func failure(_ result: OpaquePointer?, _ sql: String) -> DatabaseError {
        let state = Self.text(PQresultErrorField(result, 67))  // 'C': PG_DIAG_SQLSTATE
        let said = Self.text(PQresultErrorField(result, 77))  // 'M': PG_DIAG_MESSAGE_PRIMARY
        let words = sql.split(whereSeparator: \.isWhitespace).prefix(4).joined(separator: " ")
        guard isAlive else {
            let reason = said.isEmpty ? Self.text(PQerrorMessage(connection)) : said
            return DatabaseError(.connection, "Lost the database during '\(words)': \(reason)", sqlState: state)
        }
        let reason = said.isEmpty ? Self.text(PQerrorMessage(connection)) : said
        let detail = Self.text(PQresultErrorField(result, 68))  // 'D': PG_DIAG_MESSAGE_DETAIL
        return DatabaseError(
            DatabaseError.kind(ofState: state),
            "The database refused '\(words)': \(reason)" + (detail.isEmpty ? "" : ": \(detail)"), sqlState: state,
            hint: DatabaseError.hint(forState: state))
    }

    private func rows(_ result: OpaquePointer?) throws(DatabaseError) -> [SQLRow] {
        let columnCount = PQnfields(result)
        var columns: [String: Int] = [:]
        var types: [UInt32] = []
        for column in 0..<columnCount {
            columns[Self.text(PQfname(result, column))] = Int(column)
            types.append(PQftype(result, column))
        }
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(PQntuples(result)))
        for row in 0..<PQntuples(result) {
            var values: [SQLValue] = []
            values.reserveCapacity(types.count)
            for column in 0..<columnCount {
                if PQgetisnull(result, row, column) != 0 {
                    values.append(.null)
                } else {
                    let bytes = UnsafeRawBufferPointer(
                        start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
                    values.append(try SQLReader.value(bytes, type: types[Int(column)]))
                }
            }
            rows.append(SQLRow(columns: columns, values: values))
        }
        return rows
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        let text = String(cString: pointer)
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
