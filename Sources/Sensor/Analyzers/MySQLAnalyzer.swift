internal import Shared

/// MySQL and MariaDB (dev.mysql.com, "Client/Server Protocol"): logins and commands with their outcome. What follows a
/// request for TLS is handed over.
struct MySQLAnalyzer: ReversibleAnalyzer {
    static let service: StaticString = "mysql"

    /// Longest packet that is read whole; of a longer one, the beginning.
    private static let packetLimit = 16_384
    /// With its header; behind one of that length, the command goes on (dev.mysql.com, "Sending More Than 16MB").
    private static let longestPacket = 4 + 0xFF_FFFF

    /// Commands that may wait for their answers: clients that send several at once send two or a few.
    private static let pendingLimit = 64

    private struct Command: Weighed, Sendable {
        let time: Timestamp
        let name: String
        let argument: String?
        /// The answer's first packet has the number 1; not what goes on, as a login, and not in units.
        var isAnsweredByNumber = false

        var weight: Int { MemoryLayout<Self>.size + name.utf8.count + argument.weight }
    }

    /// The server counts as originator, as in a connection that was picked up in its middle; nil until told.
    private(set) var isReversed: Bool?
    private var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var pending = PendingQueue<Command>(limits: PendingLimits(count: Self.pendingLimit))
    /// Commands that were written before their answer came, since there were too many.
    private var toldWithoutAnswer = 0
    /// The number of the server's last packet.
    private var lastNumber: UInt8?
    private var serverVersion: String?
    private var isLoggedIn = false
    /// Whether both sides agreed that attributes stand before the text of a query.
    private var offersAttributes = true, hasAttributes = false
    /// Whether both sides agreed to compress what follows the login, and whether they do by now.
    private var offersCompression = false, agreesToCompress = false
    private var compression: PerSide<MySQLCompression>?
    private var isCompressed = false
    /// Commands that may still be told of what is compressed: one for each byte that came. A client needs more bytes
    /// for one; of a few that repeat, thousands unfold.
    private var commandCredit = 0
    /// Where packets begin is not known after what did not come out of a unit.
    private var isLost = PerSide(originator: false, responder: false)
    /// A file of the client's goes to the server, which asked for it.
    private var isSendingFile = false
    /// The server wants more of the client, to let another user in.
    private var isAskedForMore = false
    /// The client's last packet was as long as one can be: another one goes on.
    private var isToBeContinued = false
    private var verdict = Progress.wantMore
    /// Commands, from this one on, whose errors may repeat a hidden statement.
    private var errorsToHide = 0

    init() {}

    var heldBytes: Int { streams.heldBytes + pending.heldBytes + (compression?.heldBytes ?? 0) }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if isReversed == nil { begin(with: payload, from: side) }
        let side = role(of: side)
        guard var unfolding = compression.take() else {
            return try consumePackets(payload, from: side, into: &sink)
        }
        isCompressed = true
        commandCredit += payload.byteCount
        let allowance = sink.unfolding
        try unfolding[side].append(payload, allowance, at: sink.now) { number, continues throws(DecodeError) in
            beginUnit(number, continues, from: side)
        } output: { packets throws(DecodeError) in
            if !isLost[side] { _ = try consumePackets(packets, from: side, into: &sink) }
        } lose: { byteCount throws(DecodeError) in
            try passOver(byteCount, from: side, into: &sink)
        }
        compression = unfolding
        return verdict
    }

    /// Only servers greet or refuse; who sends a query is logged in, and who logs in asks for what was offered.
    private mutating func begin(with payload: RawSpan, from side: Side) {
        if Self.isLogin(payload) { return (isReversed, offersCompression) = (side == .responder, true) }
        guard let isAnnotated = Self.query(payload) else {
            return isReversed = side == .originator && Self.probe(payload, from: side) == .match
        }
        (isReversed, isLoggedIn, hasAttributes) = (side == .responder, true, isAnnotated)
    }

    /// Finds packets again where a unit begins. The client's units are numbered from 0 in each command, and servers
    /// refuse others; the server's go on from those of the command.
    private mutating func beginUnit(_ number: UInt8, _ continues: Bool, from side: Side) {
        guard side == .originator else {
            if !continues { isLost.responder = false }
            return
        }
        let isOpen = !streams.originator.isBetweenMessages || isSendingFile || isToBeContinued
        guard number == 0, !continues || isLost.originator || !isOpen else { return }
        streams.originator.reset()
        isLost.originator = false
        (isSendingFile, isAskedForMore, isToBeContinued) = (false, false, false)
    }

    /// Goes on behind bytes that did not come out of a unit; of a packet that they cut short, the beginning is read.
    private mutating func passOver(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard byteCount > 0, !isLost[side] else { return }
        let beginning = streams[side].takeAll()
        if !beginning.isEmpty {
            let packet = beginning.span.bytes
            // Without its length it ends nowhere.
            guard packet.byteCount >= 4 else { return isLost[side] = true }
            try take(packet, from: side, into: &sink)
            streams[side].passOver(try Self.length(packet) - packet.byteCount)
        }
        if !streams[side].lose(byteCount) { isLost[side] = true }
    }

    /// Bytes of a packet with its header, 0 when that has not all come.
    private static func length(_ packet: RawSpan) throws(DecodeError) -> Int {
        packet.byteCount < 4 ? 0 : 4 + Int(try packet.readLE(at: 0, as: UInt32.self) & 0xFF_FFFF)
    }

    private mutating func take(
        _ packet: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if side == .originator {
            try takeClient(packet, into: &sink)
        } else {
            takeServer(packet, into: &sink)
        }
    }

    private mutating func consumePackets(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var stream = streams.take(side, leaving: FramedStream())
        try stream.append(payload, limit: Self.packetLimit) { rest throws(DecodeError) -> Int in
            try Self.length(rest)
        } take: { packet throws(DecodeError) -> Bool in
            try take(packet, from: side, into: &sink)
            if case .wantMore = verdict { return true }
            return false
        }
        streams[side] = stream
        return verdict
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let side = role(of: side)
        if compression != nil || isCompressed { return .finished }
        if streams[side].lose(byteCount) { return .wantMore }
        // Whose the next answer is is not known of several.
        if pending.count + toldWithoutAnswer > 1 { finish(into: &sink) }
        (toldWithoutAnswer, lastNumber) = (0, nil)
        return isLoggedIn ? .wantMore : .finished
    }

    mutating func finish(into sink: inout RecordSink) {
        for command in pending.removeAll() { write(command, into: &sink) { _ in } }
    }

    private mutating func takeClient(_ packet: RawSpan, into sink: inout RecordSink) throws(DecodeError) {
        let sequence = try packet.byte(at: 3)
        guard isLoggedIn || sequence == 0 else {
            if sequence == 1 { try takeLogin(packet, at: sink.now) }
            return
        }
        if isSendingFile {
            // Nothing ends it (dev.mysql.com, "LOCAL INFILE Request").
            isSendingFile = packet.byteCount > 4
            return
        }
        let length = try Self.length(packet)
        guard isCommand(sequence, length: length), packet.byteCount > 4 else { return }
        if isCompressed {
            guard commandCredit > 0 else {
                return sink.weird("content_unfolds_too_far", source: "mysql")
            }
            commandCredit -= 1
        }
        // Units do not tell where an answer begins.
        let isNumbered = isLoggedIn && !isCompressed
        if !isNumbered { finish(into: &sink) }
        if pending.isEmpty { lastNumber = nil }
        let code = try packet.byte(at: 4)
        let rest = packet.extracting(droppingFirst: 5)
        let name = Self.commands[code] ?? "unknown-\(code)"
        let command = Command(
            time: sink.now, name: name, argument: argument(of: code, rest),
            // The answer's number goes on behind those of a command in several packets.
            isAnsweredByNumber: isNumbered && length < Self.longestPacket)
        errorsToHide = QueryText.isHidden(command.argument) ? Self.hiddenErrors : Swift.max(0, errorsToHide - 1)
        // These have no answer: to quit, to close a statement, and to send it a long value.
        guard ![1, 24, 25].contains(code) else { return write(command, into: &sink) { _ in } }
        pending.append(command)
        while let oldest = pending.removeExcess() {
            write(oldest, into: &sink) { _ in }
            toldWithoutAnswer += 1
        }
    }

    /// Whether a packet of the client's is a command. In units, servers heed no packet's number, only the units'.
    private mutating func isCommand(_ sequence: UInt8, length: Int) -> Bool {
        guard agreesToCompress else { return sequence == 0 }
        defer {
            isToBeContinued = length == Self.longestPacket
            isAskedForMore = false
        }
        return !isToBeContinued && !isAskedForMore
    }

    /// The text of a command that has one.
    private func argument(of code: UInt8, _ rest: RawSpan) -> String? {
        switch code {
        case 3:
            guard hasAttributes else { return QueryText.shown(rest) }
            return MySQLAttributes.end(rest).map { QueryText.shown(rest.extracting(droppingFirst: $0)) }
        case 22: return QueryText.shown(rest)
        // A database; a table and which fields; a user, and what authenticates it.
        case 2, 4, 5, 6, 17:
            let name = rest.extracting(0..<(rest.firstIndex(of: 0) ?? rest.byteCount))
            return name.extracting(first: QueryText.limit).text()
        default: return nil
        }
    }

    /// HandshakeResponse41: capabilities, size, character set, 23 zeros, user. Capability 0x800 alone asks for TLS.
    private mutating func takeLogin(_ packet: RawSpan, at now: Timestamp) throws(DecodeError) {
        let capabilities = try packet.readLE(at: 4, as: UInt32.self)
        if capabilities & 0x800 != 0, packet.byteCount <= 36 { return verdict = .handOver }
        agreesToCompress = offersCompression && capabilities & Self.compression != 0
        hasAttributes = offersAttributes && capabilities & Self.queryAttributes != 0
        let start = capabilities & 0x200 != 0 ? 36 : 9
        guard let end = packet.firstIndex(of: 0, from: start), end >= start else { throw .invalid(.length) }
        _ = pending.removeAll()
        pending.append(Command(time: now, name: "login", argument: packet.extracting(start..<end).text()))
    }

    private mutating func takeServer(_ packet: RawSpan, into sink: inout RecordSink) {
        guard !pending.isEmpty else { return takeGreeting(packet) }
        guard let first = try? packet.byte(at: 4), beginsAnswer(packet) else { return }
        let command = pending[0]
        // More of the login follows: another method of authentication, or more data of it.
        if command.name == "login" || command.name == "change_user", first == 0xFE || first == 1 {
            isAskedForMore = command.name == "change_user"
            return pending.update(0) { $0.isAnsweredByNumber = false }
        }
        // It wants a file of the client's first, and answers behind it.
        if first == 0xFB, command.name == "query" {
            isSendingFile = true
            return pending.update(0) { $0.isAnsweredByNumber = false }
        }
        _ = pending.remove(at: 0)
        (isSendingFile, isAskedForMore) = (false, false)
        if command.name == "login" {
            isLoggedIn = first == 0
            if isLoggedIn, agreesToCompress { compression = PerSide(originator: .init(), responder: .init()) }
        }
        let mysql = Records.mysql
        write(command, into: &sink) { sink in
            sink.batch.set(mysql.success, first != 0xFF)
            if first == 0xFF {
                sink.batch.set(mysql.response, error(packet, to: command))
            } else {
                // A prepared statement is answered by its number.
                let rows = first == 0 ? Self.affectedRows(packet) : 0
                sink.batch.set(mysql.rows, command.name == "stmt_prepare" ? nil : rows)
            }
        }
    }

    /// Whether a packet begins the answer to the command that has waited longest. The numbers tell, which begin anew
    /// with each answer (dev.mysql.com, "Sequence ID") and go round in a long one: rows of the last may still come.
    private mutating func beginsAnswer(_ packet: RawSpan) -> Bool {
        let number = try? packet.byte(at: 3)
        let isFirst = number == 1 && lastNumber != 0
        lastNumber = number
        guard pending[0].isAnsweredByNumber || toldWithoutAnswer > 0 else { return true }
        guard isFirst, toldWithoutAnswer > 0 else { return isFirst }
        toldWithoutAnswer -= 1
        return false
    }

    /// The text of an error (ERR_Packet). Of one that may repeat a password of the statement, the number and SQLSTATE.
    private func error(_ packet: RawSpan, to command: Command) -> String {
        let content = packet.extracting(droppingFirst: 7)
        let hasState = content.starts(with: "#")
        let text = content.extracting(droppingFirst: hasState ? 6 : 0).extracting(first: QueryText.limit)
        let number = (try? packet.readLE(at: 5, as: UInt16.self)) ?? 0
        // Of a syntax error, the text repeats what is too far in the statement to be shown.
        let hides = errorsToHide > 0 || QueryText.isHidden(command.argument)
        guard hides || number == Self.syntaxError && QueryText.mayHoldSecret(text) else { return text.text() }
        return "error \(number)"
            + (hasState ? " (\(content.extracting(first: 6).extracting(droppingFirst: 1).text()))" : "")
    }

    /// Commands behind a hidden one whose errors may be its: an answer is not always told with its own.
    private static let hiddenErrors = 8

    /// ER_PARSE_ERROR (dev.mysql.com, "Server Error Message Reference").
    private static let syntaxError: UInt16 = 1064

    /// HandshakeV10 begins with its number and the server's version.
    private mutating func takeGreeting(_ packet: RawSpan) {
        guard serverVersion == nil, !isLoggedIn, (try? packet.byte(at: 4)) == 10,
            let end = packet.firstIndex(of: 0, from: 5)
        else { return }
        serverVersion = packet.extracting(5..<end).extracting(first: 80).text()
        if let lower = try? packet.readLE(at: end + 14, as: UInt16.self) {
            offersCompression = UInt32(lower) & Self.compression != 0
        }
        // The upper half of the capabilities stands behind the lower half, a character set and a status.
        guard let upper = try? packet.readLE(at: end + 19, as: UInt16.self) else { return }
        offersAttributes = UInt32(upper) << 16 & Self.queryAttributes != 0
    }

    /// CLIENT_COMPRESS: zlib's.
    private static let compression: UInt32 = 0x20
    /// CLIENT_QUERY_ATTRIBUTES, since MySQL 8.0.23.
    private static let queryAttributes: UInt32 = 1 << 27

    /// A length-encoded number behind the header of an OK packet.
    private static func affectedRows(_ packet: RawSpan) -> UInt64 {
        var offset = 5
        return (try? MySQLAttributes.number(packet, &offset)) ?? 0
    }

    private func write(_ command: Command, into sink: inout RecordSink, _ outcome: (inout RecordSink) -> Void) {
        let mysql = Records.mysql
        sink.begin(mysql, at: command.time)
        sink.batch.set(mysql.cmd, command.name)
        sink.batch.set(mysql.arg, command.argument)
        if command.name == "login" { sink.batch.set(mysql.serverVersion, serverVersion) }
        outcome(&sink)
        sink.end()
    }

    /// Text protocol commands, in Zeek's spelling.
    private static let commands: [UInt8: String] = [
        0: "sleep", 1: "quit", 2: "init_db", 3: "query", 4: "field_list", 5: "create_db", 6: "drop_db", 7: "refresh",
        8: "shutdown", 9: "statistics", 10: "process_info", 11: "connect", 12: "process_kill", 13: "debug", 14: "ping",
        15: "time", 16: "delayed_insert", 17: "change_user", 18: "binlog_dump", 19: "table_dump", 20: "connect_out",
        21: "register_slave", 22: "stmt_prepare", 23: "stmt_execute", 24: "stmt_send_long_data", 25: "stmt_close",
        26: "stmt_reset", 27: "set_option", 28: "stmt_fetch", 29: "daemon", 30: "binlog_dump_gtid",
        31: "reset_connection",
    ]
}
