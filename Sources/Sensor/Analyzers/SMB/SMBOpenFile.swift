internal import Shared

/// Identifier of an open: both halves of SMB 2's, or SMB 1's number.
struct SMBFileID: Hashable, Sendable {
    let persistent: UInt64
    let volatile: UInt64

    /// Stands for "the one of the message before" in related compounds (MS-SMB2 3.2.4.1.4).
    static let related = SMBFileID(persistent: .max, volatile: .max)

    init(persistent: UInt64, volatile: UInt64) { (self.persistent, self.volatile) = (persistent, volatile) }

    init(_ reader: inout ByteReader) throws(DecodeError) {
        persistent = try reader.le()
        volatile = try reader.le()
    }
}

/// What the server says of a file when it is opened.
struct SMBFileFacts: Sendable {
    var size: UInt64?
    var created: Timestamp?
    var accessed: Timestamp?
    var modified: Timestamp?
    var changed: Timestamp?

    /// Nanoseconds from 1601 to 1970, in FILETIME's units of 100 ns.
    private static let epoch: Int64 = 116_444_736_000_000_000

    /// A FILETIME (MS-DTYP 2.3.3); nil for "not set" and for what does not fit.
    static func time(_ value: UInt64) -> Timestamp? {
        guard value != 0, let signed = Int64(exactly: value) else { return nil }
        let (nanoseconds, overflow) = (signed - epoch).multipliedReportingOverflow(by: 100)
        return overflow ? nil : Timestamp(nanoseconds: nanoseconds)
    }

    init() {}

    /// Creation, access, write and change time, in this order.
    init(times reader: inout ByteReader) throws(DecodeError) {
        created = Self.time(try reader.le())
        accessed = Self.time(try reader.le())
        modified = Self.time(try reader.le())
        changed = Self.time(try reader.le())
    }
}

/// An open file, directory or pipe: what was read and written through it.
///
/// A class, since a table of values moves a value out and in again for each piece of content.
final class SMBOpenFile {
    /// What an open is of, by the kind of its share.
    enum Kind: Sendable {
        case file, pipe, printer

        /// - Parameter type: the kind of share as `smb_mapping` has it.
        init(ofShare type: String) { self = type == "PIPE" ? .pipe : type == "PRINT" ? .printer : .file }

        /// What opening it is called in `smb_files`.
        var opened: String {
            switch self {
            case .file: "SMB::FILE_OPEN"
            case .pipe: "SMB::PIPE_OPEN"
            case .printer: "SMB::PRINT_OPEN"
            }
        }

        /// What closing it is called; pipes are told by what they carry.
        var closed: String { self == .printer ? "SMB::PRINT_CLOSE" : "SMB::FILE_CLOSE" }
    }

    var name: String
    let path: String?
    private(set) var kind: Kind
    var facts: SMBFileFacts
    var bytesRead: UInt64 = 0
    var bytesWritten: UInt64 = 0
    var deletesOnClose = false
    private var reading: SMBContent?
    private var writing: SMBContent?
    /// The first bytes of what may be a pipe, too few to tell.
    private var undecided: (bytes: [UInt8], offset: UInt64, isWrite: Bool, side: Side)?
    /// The remote calls of a pipe; nil where it is none.
    var calls: DCERPCConversation?
    /// What came of a side was no call: it is passed over until one begins.
    private var areCallsLost = PerSide(originator: false, responder: false)
    /// The connection's services name remote calls.
    private var isToldAsService = false

    /// Content that waits for what precedes it.
    var earlyByteCount: Int { (reading?.earlyByteCount ?? 0) + (writing?.earlyByteCount ?? 0) }
    /// What the remote calls of a pipe take.
    var callsByteCount: Int { calls?.heldBytes ?? 0 }
    /// How far it was read without a hole.
    var readPosition: UInt64 { reading?.next ?? 0 }

    /// Bytes of its name and of its share's path.
    var namesWeight: Int { name.utf8.count + path.weight }

    init(name: String, path: String?, kind: Kind, facts: SMBFileFacts) {
        (self.name, self.path, self.kind, self.facts) = (name, path, kind, facts)
        if kind == .pipe { becomePipe() }
    }

    /// In SMB 1 the names of pipes begin with a backslash. One whose opening was not seen has no name.
    private func becomePipe() {
        kind = .pipe
        let last = name.hasPrefix("\\") ? String(name.dropFirst()) : name
        calls = DCERPCConversation(pipeName: last.isEmpty ? nil : "\\pipe\\" + last)
    }

    /// Name as Zeek writes it: the root of a share has none of its own.
    var shownName: String { name.isEmpty ? "<share_root>" : name }

    /// Takes a piece of content at `offset` of the file.
    /// - Parameter isEarly: what precedes it may still come.
    func content(
        _ bytes: RawSpan, at offset: UInt64, isWrite: Bool, isEarly: Bool = false, from side: Side,
        into sink: inout RecordSink
    ) {
        // Where the share was connected before the capture began, a pipe is told by what it carries.
        guard path == nil, kind != .pipe, bytesRead == 0, bytesWritten == 0 else {
            return take(bytes, at: offset, isWrite: isWrite, isEarly: isEarly, from: side, into: &sink)
        }
        guard let first = undecided else {
            return decide(bytes, at: offset, isWrite: isWrite, isEarly: isEarly, from: side, into: &sink)
        }
        guard first.isWrite == isWrite, first.offset &+ UInt64(first.bytes.count) == offset else {
            passUndecided(into: &sink)
            return take(bytes, at: offset, isWrite: isWrite, isEarly: isEarly, from: side, into: &sink)
        }
        undecided = nil
        let joined = first.bytes + bytes.withUnsafeBytes { Array($0) }
        decide(joined.span.bytes, at: first.offset, isWrite: isWrite, isEarly: isEarly, from: side, into: &sink)
    }

    /// Takes the first content of an open that may be a pipe, or waits for more of it.
    private func decide(
        _ bytes: RawSpan, at offset: UInt64, isWrite: Bool, isEarly: Bool, from side: Side, into sink: inout RecordSink
    ) {
        switch DCERPCAnalyzer.probe(bytes, from: side) {
        case .match: becomePipe()
        case .needMore: return undecided = (bytes.withUnsafeBytes { Array($0) }, offset, isWrite, side)
        case .noMatch: break
        }
        take(bytes, at: offset, isWrite: isWrite, isEarly: isEarly, from: side, into: &sink)
    }

    /// More of what waits does not come: it is a file's.
    private func passUndecided(into sink: inout RecordSink) {
        guard let first = undecided else { return }
        undecided = nil
        take(
            first.bytes.span.bytes, at: first.offset, isWrite: first.isWrite, isEarly: false, from: first.side,
            into: &sink)
    }

    /// Takes content of what is known to be a pipe, or none.
    private func take(
        _ bytes: RawSpan, at offset: UInt64, isWrite: Bool, isEarly: Bool, from side: Side, into sink: inout RecordSink
    ) {
        if kind == .pipe { return call(bytes, from: side, into: &sink) }
        let isFirst = isWrite ? bytesWritten == 0 : bytesRead == 0
        if isFirst { record(isWrite ? "SMB::FILE_WRITE" : "SMB::FILE_READ", into: &sink) }
        if isWrite {
            bytesWritten &+= UInt64(bytes.byteCount)
            // Who appends to a file does not write what precedes it.
            let mayWait = isEarly && facts.size.map { $0 == 0 || offset < $0 } ?? true
            pass(bytes, at: offset, isEarly: mayWait, isOriginator: side == .originator, through: &writing, into: &sink)
        } else {
            bytesRead &+= UInt64(bytes.byteCount)
            pass(bytes, at: offset, isEarly: isEarly, isOriginator: side == .originator, through: &reading, into: &sink)
        }
    }

    private func call(_ bytes: RawSpan, from side: Side, into sink: inout RecordSink) {
        if areCallsLost[side] {
            guard DCERPCAnalyzer.probe(bytes, from: side) == .match else { return }
            areCallsLost[side] = false
        }
        do throws(DecodeError) {
            try calls?.consume(bytes, from: side, into: &sink)
            if !isToldAsService { sink.found(service: "dce_rpc") }
            isToldAsService = true
        } catch {
            // What it waited for is of no use, and what comes next begins anew.
            _ = calls?.lose(0, from: side)
            areCallsLost[side] = true
        }
    }

    private func pass(
        _ bytes: RawSpan, at offset: UInt64, isEarly: Bool, isOriginator: Bool, through content: inout SMBContent?,
        into sink: inout RecordSink
    ) {
        if content == nil {
            var stream = FileStream(source: "SMB", filename: name, isOriginator: isOriginator, into: &sink)
            stream.totalByteCount = facts.size.flatMap { $0 == 0 ? nil : $0 }
            content = SMBContent(stream)
        }
        content?.take(bytes, at: offset, isEarly: isEarly, now: sink.now)
    }

    /// A part of what passes through it was lost.
    func lose(_ byteCount: Int, at offset: UInt64, isWrite: Bool, from side: Side, now: Timestamp) {
        if kind == .pipe {
            // Where the length of its message is not known, the next one begins with what is written next.
            _ = calls?.lose(byteCount, from: side)
        } else if isWrite {
            writing?.lose(byteCount, at: offset, now: now)
        } else {
            reading?.lose(byteCount, at: offset, now: now)
        }
    }

    /// What precedes the content that waits does not come.
    func giveUpEarly(now: Timestamp) {
        reading?.giveUp(now: now)
        writing?.giveUp(now: now)
    }

    /// Ends the open: the files that passed and what was read and written.
    func close(into sink: inout RecordSink) {
        calls?.finish(into: &sink)
        guard kind != .pipe else { return }
        passUndecided(into: &sink)
        reading?.finish(into: &sink)
        // A file that is being written has the size that was written, not the one before.
        writing?.finish(hasSize: false, into: &sink)
        if deletesOnClose { record("SMB::FILE_DELETE", into: &sink) }
        record(kind.closed, hasCounts: true, into: &sink)
        (reading, writing) = (nil, nil)
    }

    /// Writes an `smb_files` record.
    func record(
        _ action: String, previousName: String? = nil, hasCounts: Bool = false, at time: Timestamp? = nil,
        into sink: inout RecordSink
    ) {
        let files = Records.smbFiles
        sink.begin(files, at: time)
        sink.batch.set(files.action, action)
        sink.batch.set(files.path, path)
        sink.batch.set(files.name, shownName)
        sink.batch.set(files.size, facts.size)
        sink.batch.set(files.prevName, previousName)
        sink.batch.set(files.timesModified, facts.modified)
        sink.batch.set(files.timesAccessed, facts.accessed)
        sink.batch.set(files.timesCreated, facts.created)
        sink.batch.set(files.timesChanged, facts.changed)
        sink.batch.set(files.fuid, reading?.fuid ?? writing?.fuid)
        if hasCounts {
            sink.batch.set(files.bytesRead, bytesRead)
            sink.batch.set(files.bytesWritten, bytesWritten)
        }
        sink.end()
    }
}
