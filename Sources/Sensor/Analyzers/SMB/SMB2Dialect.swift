internal import Shared

/// The commands of SMB 2 and 3 (MS-SMB2 section 2.2) that records tell of.
struct SMB2Dialect {
    /// What a request asked for, until its response comes.
    private enum Request: Weighed {
        case sessionSetup(SMBSession.Login)
        case treeConnect(path: String)
        case create(name: String, tree: UInt32, deletesOnClose: Bool)
        case close(SMBFileID)
        case read(SMBFileID, offset: UInt64)
        case transceive(SMBFileID)
        case setName(SMBFileID, name: String)
        case setDelete(SMBFileID, Bool)

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
    /// The open and the share of the message before, for related compounds.
    private var lastFile = SMBFileID.related
    private var lastTree: UInt32 = 0
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

    /// Bytes of the names in requests that wait.
    var heldBytes: Int { requests.heldBytes }

    /// Takes a message of one or more commands.
    /// - Throws: ``DecodeError`` when it is malformed.
    mutating func message(
        _ bytes: [UInt8], from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        now = sink.now
        targets[side] = nil
        var start = 0
        for _ in 0..<Self.compoundLimit {
            guard let header = SMB2Header(bytes.dropFirst(start)) else { throw .invalid(.headerLength) }
            let end = header.nextCommand > 0 ? min(start + header.nextCommand, bytes.count) : bytes.count
            let command = bytes[start..<end]
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
            // Which file a related request is about is not known by now.
            case .setName(let file, let name) where file != .related:
                session.rename(file, to: name, at: waiting.time, into: &sink)
            case .setDelete(let file, let value) where file != .related: session.setDeletesOnClose(file, value)
            default: break
            }
        }
        requests.removeAll()
    }

    /// Content that was lost.
    mutating func lose(_ byteCount: Int, from side: Side, session: inout SMBSession) {
        guard byteCount > 0, let target = targets[side] else { return }
        targets[side]?.offset &+= UInt64(byteCount)
        session.loseCalls(byteCount, of: target.file, from: side)
    }

    // MARK: Requests

    private mutating func request(
        _ header: SMB2Header, _ bytes: ArraySlice<UInt8>, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        var body = ByteReader(bytes.dropFirst(SMBHead.smb2Length))
        let tree = header.isRelated && header.treeID == .max ? lastTree : header.treeID
        lastTree = tree
        if !header.isRelated { lastFile = .related }
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
            remember(.close(try SMBFileID(&body)), for: header)
        case 8:
            try body.skip(8)
            let offset: UInt64 = try body.le()
            remember(.read(try SMBFileID(&body), offset: offset), for: header)
        case 9: try write(header, &body, bytes, tree: tree, from: side, session: &session, into: &sink)
        case 11: try ioctl(header, &body, bytes, tree: tree, from: side, session: &session, into: &sink)
        case 17: try setInfo(header, &body, bytes)
        default: break
        }
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
    }

    private mutating func write(
        _ header: SMB2Header, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>, tree: UInt32, from side: Side,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        let isSingle = header.nextCommand == 0
        try body.skip(2)
        let start = Int(try body.le(UInt16.self))
        let length = Int(try body.le(UInt32.self))
        let offset: UInt64 = try body.le()
        let file = resolve(try SMBFileID(&body))
        targets[side] = Target(file: file, offset: offset, isWrite: true, tree: tree)
        guard !isSingle || bytes.count >= start + length, start <= bytes.count else { return }
        let piece = bytes.dropFirst(start).prefix(length)
        if !isSingle { content(piece.span.bytes, from: side, session: &session, into: &sink) }
    }

    private mutating func ioctl(
        _ header: SMB2Header, _ body: inout ByteReader, _ bytes: ArraySlice<UInt8>, tree: UInt32, from side: Side,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        try body.skip(4)
        guard try body.le(UInt32.self) == Self.pipeTransceive else { return }
        let file = resolve(try SMBFileID(&body))
        let input = try Self.field32(&body, in: bytes)
        let target = Target(file: file, offset: 0, isWrite: true, tree: tree)
        pass(input.span.bytes, to: target, from: side, session: &session, into: &sink)
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
        let file = resolve(try SMBFileID(&body))
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
        case .create(let name, let tree, let deletes) where succeeded:
            try created(name, tree, deletes, &body, session: &session, into: &sink)
        case .close(let file) where succeeded: session.close(resolve(file), into: &sink)
        case .read(let file, let offset):
            try read(header, resolve(file), offset, &body, bytes, from: side, session: &session, into: &sink)
        case .transceive(let file) where succeeded || header.isPartial:
            try body.skip(32)
            let output = try Self.field32(&body, in: bytes)
            let target = Target(file: file, offset: 0, isWrite: false)
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
        _ name: String, _ tree: UInt32, _ deletesOnClose: Bool, _ body: inout ByteReader,
        session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        try body.skip(8)
        var facts = try SMBFileFacts(times: &body)
        try body.skip(8)
        facts.size = try body.le()
        try body.skip(8)
        lastFile = try SMBFileID(&body)
        session.open(
            lastFile, name: name, tree: tree, facts: facts, deletesOnClose: deletesOnClose, into: &sink)
    }

    private mutating func read(
        _ header: SMB2Header, _ file: SMBFileID, _ offset: UInt64, _ body: inout ByteReader,
        _ bytes: ArraySlice<UInt8>, from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard header.isReadContent else { return }
        let position = session.readPosition(of: file) ?? offset
        let isEarly = offset > position && isAskedFor(file, at: position)
        targets[side] = Target(file: file, offset: offset, isWrite: false, isEarly: isEarly)
        guard header.nextCommand != 0 || header.isRelated && bytes.count > 80 else { return }
        try body.skip(2)
        let start = Int(try body.byte())
        try body.skip(1)
        let length = Int(try body.le(UInt32.self))
        let piece = bytes.dropFirst(start).prefix(length)
        content(piece.span.bytes, from: side, session: &session, into: &sink)
    }

    /// Whether a read at `position` of a file waits for its response.
    private func isAskedFor(_ file: SMBFileID, at position: UInt64) -> Bool {
        requests.elements.values.contains {
            guard case .read(let other, let offset) = $0.request else { return false }
            return offset == position && other == file
        }
    }

    // MARK: Fields

    private func resolve(_ file: SMBFileID) -> SMBFileID { file == .related ? lastFile : file }

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
