internal import Shared

/// Takes lines (ended by LF or CRLF) off a stream of text, for protocols of commands and replies.
struct StreamLines: BytesHolding, Sendable {
    /// Longest line of a command, a reply or a header; RFC 5321 §4.5.3.1 asks for 1,000.
    static let lineLimit = 8192

    private var buffer = StreamBuffer()
    /// The beginning of the line that comes was handed on.
    private var isInside = false

    var heldBytes: Int { buffer.heldBytes }

    /// Adds bytes and hands each whole line to `take`, without its end, until `take` answers false.
    /// - Throws: ``DecodeError/limit(_:)`` for a line that is too long, and what `take` throws.
    mutating func append(
        _ bytes: RawSpan, take: (RawSpan) throws(DecodeError) -> Bool
    ) throws(DecodeError) {
        var rest = bytes
        if !buffer.isEmpty {
            // The first end of a line completes what waits; lines behind it are read where they are.
            let end = bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.byteCount
            try buffer.append(bytes.extracting(0..<end), limit: Self.lineLimit + end)
            rest = bytes.extracting(droppingFirst: end)
            guard try takeWaiting(take) else { return try keep(rest) }
        }
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest.extracting(0..<end)
            rest = rest.extracting(droppingFirst: end + 1)
            guard try take(line.extracting(0..<HTTPText.endOfLine(line))) else { return try keep(rest) }
        }
        guard rest.byteCount <= Self.lineLimit else { throw .limit(.length) }
        try keep(rest)
    }

    /// Adds bytes and hands on their lines without their ends, those that are too long in pieces: for text whose lines
    /// are not what the protocol is made of.
    mutating func appendPieces(_ bytes: RawSpan, take: (RawSpan, LinePiece) -> Void) {
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            hand(on: rest.extracting(0..<end), isWhole: true, take)
            rest = rest.extracting(droppingFirst: end + 1)
        }
        if rest.byteCount > 0 { hand(on: rest, isWhole: false, take) }
    }

    /// The stream has ended: hands on a line without an end.
    /// - Returns: whether there was one.
    mutating func endPieces(take: (RawSpan, LinePiece) -> Void) -> Bool {
        let wasInside = isInside
        let last = takeAll()
        isInside = false
        if !last.isEmpty { take(last.span.bytes, LinePiece(goesOn: wasInside, end: .open)) }
        return wasInside || !last.isEmpty
    }

    /// Hands on what waits and `bytes`, the line's rest or not; a short beginning waits.
    private mutating func hand(on bytes: RawSpan, isWhole: Bool, _ take: (RawSpan, LinePiece) -> Void) {
        if buffer.isEmpty, isWhole || bytes.byteCount > Self.lineLimit {
            let used = Self.pass(bytes, goesOn: isInside, isWhole: isWhole, take)
            if !isWhole { wait(bytes.extracting(droppingFirst: used)) }
        } else {
            wait(bytes)
            guard isWhole || buffer.count > Self.lineLimit else { return }
            let used = Self.pass(
                buffer.bytes.span.bytes.extracting(droppingFirst: buffer.start), goesOn: isInside, isWhole: isWhole,
                take)
            if isWhole { buffer.removeAll() } else { buffer.consume(used) }
        }
        isInside = !isWhole
    }

    /// - Returns: bytes handed on: a CR that is the last for now may be the line end's.
    private static func pass(
        _ line: RawSpan, goesOn: Bool, isWhole: Bool, _ take: (RawSpan, LinePiece) -> Void
    ) -> Int {
        let text = HTTPText.endOfLine(line)
        let end: LinePiece.End = !isWhole ? .open : text < line.byteCount ? .crlf : .lf
        take(line.extracting(first: text), LinePiece(goesOn: goesOn, end: end))
        return text
    }

    private mutating func wait(_ bytes: RawSpan) {
        do throws(DecodeError) {
            try buffer.append(bytes, limit: .max)
        } catch {
            // Nothing is as long.
        }
    }

    private mutating func keep(_ rest: RawSpan) throws(DecodeError) {
        if rest.byteCount > 0 { try buffer.append(rest, limit: buffer.count + rest.byteCount) }
    }

    /// Hands on the lines that wait.
    /// - Returns: false when `take` wants no more.
    private mutating func takeWaiting(_ take: (RawSpan) throws(DecodeError) -> Bool) throws(DecodeError) -> Bool {
        var goesOn = true
        while goesOn {
            let used = try buffer.withSpan { rest throws(DecodeError) -> Int in
                guard let end = rest.firstIndex(of: 0x0A) else {
                    guard rest.byteCount <= Self.lineLimit else { throw .limit(.length) }
                    return 0
                }
                let line = rest.extracting(0..<end)
                goesOn = try take(line.extracting(0..<HTTPText.endOfLine(line)))
                return end + 1
            }
            if used == 0 { return true }
            buffer.consume(used)
        }
        return false
    }

    /// What waits, which is then forgotten here.
    mutating func takeAll() -> ArraySlice<UInt8> { buffer.takeAll() }

    /// Forgets a line whose rest was lost.
    mutating func reset() {
        buffer.removeAll()
        isInside = false
    }
}

/// How a piece of text lies in its line.
struct LinePiece: Equatable, Sendable {
    enum End { case crlf, lf, open }

    /// The line began with the piece before.
    var goesOn = false
    /// What stands behind it; ``End/open`` when the line's rest does.
    var end = End.crlf
}

/// A reply of three digits: SMTP (RFC 5321 §4.2), FTP (RFC 959 §4.2).
struct ReplyLine: Equatable, Sendable {
    let code: UInt64
    let text: String
    /// More lines of the same reply follow.
    let isContinued: Bool

    init?(_ line: RawSpan) {
        guard line.byteCount >= 3, let code = HTTPText.decimal(line.extracting(0..<3)) else { return nil }
        let mark = line.byteCount > 3 ? (try? line.byte(at: 3)) ?? 0x20 : 0x20
        guard mark == 0x20 || mark == 0x2D else { return nil }
        self.code = code
        isContinued = mark == 0x2D
        text = line.byteCount > 4 ? line.extracting(droppingFirst: 4).text() : ""
    }
}

/// A command: a word and what follows it.
struct CommandLine: Equatable, Sendable {
    /// In capitals.
    let verb: String
    let argument: String

    init(_ line: RawSpan) {
        let whole = line.byteCount
        let end = Swift.min(line.firstIndex(of: 0x20) ?? whole, line.firstIndex(of: 0x09) ?? whole)
        verb = line.extracting(0..<Swift.min(end, 16)).text().uppercased()
        argument = HTTPText.text(line, end..<line.byteCount)
    }
}
