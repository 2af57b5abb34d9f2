internal import Shared

/// The commands of SMB 2 and 3 (MS-SMB2 section 2.2) that records tell of.
struct SMB2Dialect {
    /// What a request asked for, until its response comes.
    private enum Request: Weighed {
        case sessionSetup(SMBSession.Login)
        case treeConnect(path: String)
        case create(name: String, tree: UInt32, deletesOnClose: Bool)
        case close(SMB2Chains.Reference)
        case read(SMB2Chains.Reference, offset: UInt64)
        case transceive(SMB2Chains.Reference)
        case setName(SMB2Chains.Reference, name: String)
        case setDelete(SMB2Chains.Reference, Bool)

        /// Bytes of its name.
        var weight: Int {
            switch self {
            case .treeConnect(let path): path.utf8.count
            case .create(let name, _, _), .setName(_, let name): name.utf8.count
            default: 0
            }
        }
    }

    private typealias Waiting = SMBWaiting<Request>

    private var requests = PendingTable<UInt64, Waiting>(limits: PendingLimits(count: Self.requestLimit))
    /// When the message at hand came.
    private var now = Timestamp(nanoseconds: 0)
    /// The message at hand holds several commands: their content is in it, and does not follow it.
    private var isCompound = false
    /// The open and the share of the request before, for related compounds.
    private var lastFile = SMB2Chains.Reference.open(.related)
    private var lastTree: UInt32 = 0
    private var chains = SMB2Chains()
    /// Where the content that comes next belongs, by side.
    private var targets = PerSide<Target?>(originator: nil, responder: nil)

    private struct Target {
        let file: SMBFileID
        var offset: UInt64
        let isWrite: Bool
        /// What precedes it in the file was asked for, and is still to come.
        var isEarly = false
        /// The share that a request goes to.
        var tree: UInt32?
    }

    /// Requests that wait for a response; credits keep real ones under 8192, of which few are kept here.
    private static let requestLimit = 2048
    /// Messages of one compound; Windows sends up to four.
    private static let compoundLimit = 32
    /// FSCTL_PIPE_TRANSCEIVE (MS-FSCC 2.3.50).
    private static let pipeTransceive: UInt32 = 0x0011_C017

    /// Bytes of the names in requests that wait, and of what is written before its file is known.
    var heldBytes: Int { requests.heldBytes + chains.heldBytes }

    /// Takes a message of one or more commands.
    /// - Throws: ``DecodeError`` when it is malformed.
    mutating func message(
        _ bytes: [UInt8], from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        now = sink.now
        targets[side] = nil
        (isCompound, lastFile) = (false, .open(.related))
        var start = 0
        for _ in 0..<Self.compoundLimit {
            guard let header = SMB2Header(bytes.dropFirst(start)) else { throw .invalid(.headerLength) }
            let end = header.nextCommand > 0 ? min(start + header.nextCommand, bytes.count) : bytes.count
            let command = bytes[start..<end]
            if header.nextCommand > 0 { isCompound = true }
            if header.isResponse {
                try response(header, command, from: side, session: &session, into: &sink)
            } else {
                try request(header, command, from: side, session: &session, into: &sink)
            }
            guard header.nextCommand > 0 else { return }
            start += header.nextCommand
            guard start < bytes.count else { return }
        }
    }

    /// A piece of the content that follows the last message.
    mutating func content(
        _ piece: RawSpan, from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) {
        guard let target = targets[side] else { return }
        pass(piece, to: target, from: side, session: &session, into: &sink)
        targets[side]?.offset &+= UInt64(piece.byteCount)
    }

    /// Hands on content. That of a pipe opens it where the answer to its opening was lost.
    private mutating func pass(
        _ bytes: RawSpan, to target: Target, from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) {
        for _ in 0..<2 {
            let isKnown = session.content(
                bytes, of: target.file, at: target.offset, isWrite: target.isWrite, isEarly: target.isEarly,
                from: side, into: &sink)
            if isKnown { return }
            guard session.isUnknownPipe(target.file, beginning: bytes, tree: target.tree, from: side) else { return }
            let name = target.tree.flatMap { tree in
                requests.takePipeName(isShareKnown: session.isPipeShare(tree)) { request in
                    if case .create(let name, tree, _) = request { name } else { nil }
                }
            }
            session.openPipe(target.file, name: name, tree: target.tree, into: &sink)
        }
    }

    /// Tells of what was asked for, where no answer was seen.
    mutating func tellWaiting(session: inout SMBSession, into sink: inout RecordSink) {
        for id in requests.elements.keys.sorted() {
            guard let waiting = requests[id] else { continue }
            switch waiting.request {
            case .treeConnect(let path): session.asked(path: path, at: waiting.time, into: &sink)
            case .create(let name, let tree, _): session.asked(name: name, tree: tree, at: waiting.time, into: &sink)
            case .setName(let file, let name):
                session.rename(resolve(file), to: name, at: waiting.time, into: &sink)
            case .setDelete(let file, let value): session.setDeletesOnClose(resolve(file), value)
            default: break
            }
        }
        requests.removeAll()
        chains.removeAll()
    }

    /// Content that was lost.
    mutating func lose(_ byteCount: Int, from side: Side, now: Timestamp, session: inout SMBSession) {
        guard byteCount > 0, let target = targets[side] else { return }
        targets[side]?.offset &+= UInt64(byteCount)
        session.lose(byteCount, of: target.file, at: target.offset, isWrite: target.isWrite, from: side, now: now)
    }

    // MARK: Requests

    private mutating func request(
        _ header: SMB2Header, _ bytes: ArraySlice<UInt8>, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        var body = ByteReader(bytes.dropFirst(SMBHead.smb2Length))
        let tree = header.isRelated && header.treeID == .max ? lastTree : header.treeID
        lastTree = tree
        if !header.isRelated { lastFile = .open(.related) }
        if requests.isFull { tellWaiting(session: &session, into: &sink) }
        switch header.command {
        case 1:
            try body.skip(12)
            let token = try Self.field16(&body, in: bytes)
            let login: SMBSession.Login =
                header.sessionID == 0 ? .request(header.messageID) : .session(header.sessionID)
            session.token(token, of: login, into: &sink)
            remember(.sessionSetup(login), for: header)
        case 3:
            try body.skip(4)
            remember(.treeConnect(path: UTF16Text.littleEndian(try Self.field16(&body, in: bytes))), for: header)
        case 5: try create(header, &body, bytes, tree: tree)
        case 6:
            try body.skip(8)
            remember(.close(reference(try SMBFileID(&body))), for: header)
        case 8:
            try body.skip(8)
            let offset: UInt64 = try body.le()
            remember(.read(reference(try SMBFileID(&body)), offset: offset), for: header)
        case 9: try write(header, &body, bytes, tree: tree, from: side, session: &session, into: &sink)
        case 11: try ioctl(header, &body, bytes, tree: tree, from: side, session: &session, into: &sink)
        case 17: try setInfo(header, &body, bytes)
        default: if isCompound { nameOpen(header, &body) }
        }
    }

    /// Commands of which nothing is told name the open of those behind them too: flush, lock, query of a directory,
    /// notification and query of information.
    private mutating func nameOpen(_ header: SMB2Header, _ body: inout ByteReader) {
        let place: Int
        switch header.command {
        case 7, 10, 14, 15: place = 8
        case 16: place = 24
        default: return
        }
        if (try? body.skip(place)) != nil, let file = try? SMBFileID(&body) { _ = reference(file) }
    }

    private mutating func remember(_ request: Request, for header: SMB2Header) {
        requests.insert(Waiting(request: request, time: now), for: header.messageID)
    }

    private mutating func create(
        _ header: SMB2Header, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>, tree: UInt32
    ) throws(DecodeError) {
        try body.skip(40)
        let options: UInt32 = try body.le()
        let name = UTF16Text.littleEndian(try Self.field16(&body, in: bytes))
        // FILE_DELETE_ON_CLOSE (MS-SMB2 2.2.13).
        remember(.create(name: name, tree: tree, deletesOnClose: options & 0x1000 != 0), for: header)
        lastFile = .asked(header.messageID)
        if header.nextCommand > 0 { chains.begin(header.messageID) }
    }

    private mutating func write(
        _ header: SMB2Header, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>, tree: UInt32, from side: Side,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        try body.skip(2)
        let start = Int(try body.le(UInt16.self))
        let length = Int(try body.le(UInt32.self))
        let offset: UInt64 = try body.le()
        let file = reference(try SMBFileID(&body))
        guard isCompound else {
            return targets[side] = Target(file: resolve(file), offset: offset, isWrite: true, tree: tree)
        }
        let piece = bytes.dropFirst(start).prefix(length)
        write(
            piece, of: length, at: offset, through: file, tree: tree, from: side, session: &session, into: &sink)
    }

    /// Content that is written and is in the message, as far as that was read. It waits for an open that is asked for
    /// in the same chain.
    private mutating func write(
        _ piece: ArraySlice<UInt8>, of length: Int, at offset: UInt64, through file: SMB2Chains.Reference,
        tree: UInt32, from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) {
        if case .asked(let message) = file, chains.isAwaited(message) {
            let missing = length - piece.count
            return chains.hold(
                .init(bytes: Array(piece), missingByteCount: missing, offset: offset, tree: tree, side: side),
                for: message)
        }
        let target = Target(file: resolve(file), offset: offset, isWrite: true, tree: tree)
        pass(piece, missing: length - piece.count, to: target, from: side, session: &session, into: &sink)
    }

    /// Hands on content of a message that was read, and tells of what is missing at its end.
    private mutating func pass(
        _ piece: ArraySlice<UInt8>, missing: Int, to target: Target, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) {
        if !piece.isEmpty { pass(piece.span.bytes, to: target, from: side, session: &session, into: &sink) }
        guard missing > 0 else { return }
        let end = target.offset &+ UInt64(piece.count)
        session.lose(missing, of: target.file, at: end, isWrite: target.isWrite, from: side, now: now)
    }

    private mutating func ioctl(
        _ header: SMB2Header, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>, tree: UInt32, from side: Side,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        try body.skip(4)
        let code: UInt32 = try body.le()
        let file = reference(try SMBFileID(&body))
        guard code == Self.pipeTransceive else { return }
        let input = try Self.field32(&body, in: bytes)
        write(
            input, of: input.count, at: 0, through: file, tree: tree, from: side, session: &session, into: &sink)
        remember(.transceive(file), for: header)
    }

    /// FileRenameInformation and FileDispositionInformation (MS-FSCC 2.4.42, 2.4.11).
    private mutating func setInfo(
        _ header: SMB2Header, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>
    ) throws(DecodeError) {
        try body.skip(2)
        let type = try body.byte()
        let informationClass = try body.byte()
        let length = Int(try body.le(UInt32.self))
        let start = Int(try body.le(UInt16.self))
        try body.skip(6)
        let file = reference(try SMBFileID(&body))
        guard type == 1 else { return }
        var buffer = ByteReader(bytes.dropFirst(start).prefix(length))
        switch informationClass {
        case 10, 65:
            try buffer.skip(16)
            let nameLength = Int(try buffer.le(UInt32.self))
            remember(.setName(file, name: UTF16Text.littleEndian(try buffer.take(nameLength))), for: header)
        case 13, 64: remember(.setDelete(file, try buffer.byte() & 1 != 0), for: header)
        default: break
        }
    }

    // MARK: Responses

    private mutating func response(
        _ header: SMB2Header, _ bytes: ArraySlice<UInt8>, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        guard !header.isPending, let request = requests.remove(header.messageID)?.request else { return }
        var body = ByteReader(bytes.dropFirst(SMBHead.smb2Length))
        let succeeded = header.status == 0
        switch request {
        case .sessionSetup(let login):
            try sessionSetup(header, login, &body, bytes, session: &session, into: &sink)
        case .treeConnect(let path) where succeeded:
            try body.skip(2)
            try connected(header, path, &body, session: &session, into: &sink)
        case .create(let name, let tree, let deletes):
            // Those that are related to it fail with it (MS-SMB2 3.3.5.2.7.2).
            guard succeeded else { return chains.forget(header.messageID) }
            try created(header, name, tree, deletes, &body, session: &session, into: &sink)
        case .close(let file) where succeeded: session.close(resolve(file), into: &sink)
        case .read(let file, let offset):
            try read(header, resolve(file), offset, &body, bytes, from: side, session: &session, into: &sink)
        case .transceive(let file) where succeeded || header.isPartial:
            try body.skip(32)
            let output = try Self.field32(&body, in: bytes)
            let target = Target(file: resolve(file), offset: 0, isWrite: false)
            pass(output.span.bytes, to: target, from: side, session: &session, into: &sink)
        case .setName(let file, let name) where succeeded:
            session.rename(resolve(file), to: name, into: &sink)
        case .setDelete(let file, let value) where succeeded: session.setDeletesOnClose(resolve(file), value)
        default: break
        }
    }

    /// TREE_CONNECT response (MS-SMB2 2.2.10): the kind of share, and SMB2_SHAREFLAG_ENCRYPT_DATA.
    private func connected(
        _ header: SMB2Header, _ path: String, _ body: inout ByteReader, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        let type =
            switch try body.byte() {
            case 1: "DISK"
            case 2: "PIPE"
            case 3: "PRINT"
            default: "UNKNOWN"
            }
        let flags: UInt32? = (try? body.skip(1)) == nil ? nil : try? body.le()
        session.connect(
            header.treeID, path: path, shareType: type, isEncrypted: flags.map { $0 & 0x8000 != 0 }, into: &sink)
    }

    private mutating func sessionSetup(
        _ header: SMB2Header, _ login: SMBSession.Login, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        let numbered = header.sessionID == 0 ? login : .session(header.sessionID)
        session.renumber(from: login, to: numbered)
        if let token = try? Self.setupToken(&body, in: bytes) { session.token(token, of: numbered, into: &sink) }
        // STATUS_MORE_PROCESSING_REQUIRED: the exchange goes on.
        if header.status != 0xC000_0016 { session.authenticated(header.status == 0, numbered, into: &sink) }
    }

    private static func setupToken(
        _ body: inout ByteReader, in bytes: ArraySlice<UInt8>
    ) throws(DecodeError) -> ArraySlice<UInt8> {
        try body.skip(4)
        return try field16(&body, in: bytes)
    }

    private mutating func created(
        _ header: SMB2Header, _ name: String, _ tree: UInt32, _ deletesOnClose: Bool, _ body: inout ByteReader,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        try body.skip(8)
        var facts = try SMBFileFacts(times: &body)
        try body.skip(8)
        facts.size = try body.le()
        try body.skip(8)
        let file = try SMBFileID(&body)
        session.open(file, name: name, tree: tree, facts: facts, deletesOnClose: deletesOnClose, into: &sink)
        for write in chains.opened(file, by: header.messageID) {
            let target = Target(file: file, offset: write.offset, isWrite: true, tree: write.tree)
            pass(
                write.bytes[...], missing: write.missingByteCount, to: target, from: write.side, session: &session,
                into: &sink)
        }
    }

    private mutating func read(
        _ header: SMB2Header, _ file: SMBFileID, _ offset: UInt64, _ body: inout ByteReader,
        _ bytes: ArraySlice<UInt8>, from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard header.isReadContent else { return }
        let position = session.readPosition(of: file) ?? offset
        let isEarly = offset > position && isAskedFor(file, at: position)
        let target = Target(file: file, offset: offset, isWrite: false, isEarly: isEarly)
        guard isCompound else { return targets[side] = target }
        try body.skip(2)
        let start = Int(try body.byte())
        try body.skip(1)
        let length = Int(try body.le(UInt32.self))
        let piece = bytes.dropFirst(start).prefix(length)
        pass(piece, missing: length - piece.count, to: target, from: side, session: &session, into: &sink)
    }

    /// Whether a read at `position` of a file waits for its response.
    private func isAskedFor(_ file: SMBFileID, at position: UInt64) -> Bool {
        let message = chains.message(opening: file)
        return requests.elements.values.contains {
            guard case .read(let other, position) = $0.request else { return false }
            switch other {
            case .open(let other): return other == file
            case .asked(let other): return other == message
            }
        }
    }

    // MARK: Fields

    /// The open that a request names, or else that of the request before it (MS-SMB2 3.3.5.2.7.2).
    private mutating func reference(_ file: SMBFileID) -> SMB2Chains.Reference {
        if file != .related { lastFile = .open(file) }
        return lastFile
    }

    private func resolve(_ file: SMB2Chains.Reference) -> SMBFileID {
        switch file {
        case .open(let file): file
        case .asked(let message): chains.file(message) ?? .related
        }
    }

    /// Offset from the header and length, two bytes each.
    private static func field16(
        _ body: inout ByteReader, in bytes: ArraySlice<UInt8>
    ) throws(DecodeError) -> ArraySlice<UInt8> {
        let start = Int(try body.le(UInt16.self))
        return try part(bytes, start, Int(try body.le(UInt16.self)))
    }

    /// The same with four bytes each.
    private static func field32(
        _ body: inout ByteReader, in bytes: ArraySlice<UInt8>
    ) throws(DecodeError) -> ArraySlice<UInt8> {
        let start = Int(try body.le(UInt32.self))
        return try part(bytes, start, Int(try body.le(UInt32.self)))
    }

    private static func part(
        _ bytes: ArraySlice<UInt8>, _ start: Int, _ length: Int
    ) throws(DecodeError) -> ArraySlice<UInt8> {
        guard length > 0 else { return [] }
        var reader = ByteReader(bytes)
        try reader.skip(start)
        return try reader.take(length)
    }
}
