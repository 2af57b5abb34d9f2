internal import Shared

/// The commands of SMB 1 (MS-CIFS, MS-SMB) that records tell of.
struct SMB1Dialect {
    /// What a request asked for, until its response comes.
    private enum Request: Weighed {
        case sessionSetup(user: UInt16)
        case treeConnect(path: String)
        case treeDisconnect
        case create(name: String, tree: UInt16, deletesOnClose: Bool)
        case open(name: String, tree: UInt16)
        case close(SMBFileID)
        case read(SMBFileID, offset: UInt64)
        case transact(SMBFileID)
        case delete(name: String, tree: UInt16)
        case rename(name: String, to: String, tree: UInt16)
        case dispose(SMBFileID, deletes: Bool)
        case renameOpen(SMBFileID, to: String)

        /// Bytes of its name.
        var weight: Int {
            switch self {
            case .treeConnect(let name), .create(let name, _, _), .open(let name, _), .delete(let name, _),
                .renameOpen(_, let name):
                name.utf8.count
            case .rename(let name, let new, _): name.utf8.count + new.utf8.count
            default: 0
            }
        }
    }

    /// Commands that wait for a response: of an AndX chain each one for itself.
    private struct Key: Hashable {
        let message: UInt32
        let command: UInt8
    }

    private typealias Waiting = SMBWaiting<Request>

    private var requests = PendingTable<Key, Waiting>(limits: PendingLimits(count: Self.requestLimit))
    /// When the message at hand came.
    private var now = Timestamp(nanoseconds: 0)
    /// Bytes of the names in requests that wait.
    var heldBytes: Int { requests.heldBytes }

    /// Requests that wait for a response; servers take fifty at a time by default.
    private static let requestLimit = 1024

    /// Takes a message: one command, or a chain of them (MS-CIFS 2.2.3.4).
    /// - Throws: ``DecodeError`` when it is malformed.
    mutating func message(
        _ bytes: [UInt8], from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) throws(DecodeError) {
        now = sink.now
        guard let header = SMB1Header(bytes) else { throw .invalid(.headerLength) }
        var next = SMB1Header.length
        var command = header.command
        for _ in 0..<SMB1Header.chainLimit {
            let block = try SMB1Block(bytes, at: next, isUnicode: header.isUnicode)
            if header.isResponse {
                try response(header, command, block, from: side, session: &session, into: &sink)
            } else {
                try request(header, command, block, from: side, session: &session, into: &sink)
            }
            guard let (following, offset) = block.chained(after: command), offset > next else { break }
            (command, next) = (following, offset)
        }
        // An error ends a chain (MS-CIFS 3.2.5.1.2): what stood behind was not done.
        if header.isResponse, header.isRefusal {
            for command in Self.remembered { _ = requests.remove(Key(message: header.message, command: command)) }
        }
    }

    /// Commands whose requests wait for their answers.
    private static let remembered: [UInt8] = [
        0x01, 0x04, 0x06, 0x07, 0x25, 0x2D, 0x2E, 0x32, 0x71, 0x73, 0x75, 0xA2, 0xA5,
    ]

    // MARK: Requests

    private mutating func request(
        _ header: SMB1Header, _ command: UInt8, _ block: SMB1Block, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        if requests.isFull { tellWaiting(session: &session, into: &sink) }
        switch command {
        case 0x73:
            // With extended security there are twelve words, and the token stands first.
            if block.wordCount == 12 {
                let token = try block.data(at: block.dataStart, count: Int(try block.word(14)))
                session.token(token, of: .session(UInt64(header.user)), into: &sink)
            }
            remember(.sessionSetup(user: header.user), header, command)
        case 0x75:
            let path = block.string(at: block.dataStart + Int(try block.word(6))).text
            remember(.treeConnect(path: path), header, command)
        case 0x71: remember(.treeDisconnect, header, command)
        case 0xA2:
            let name = block.string(at: block.dataStart, limit: Int(try block.word(5))).text
            // FILE_DELETE_ON_CLOSE.
            let deletes = try block.number(39) & 0x1000 != 0
            remember(.create(name: name, tree: header.tree, deletesOnClose: deletes), header, command)
        case 0x2D: remember(.open(name: block.string(at: block.dataStart).text, tree: header.tree), header, command)
        case 0x04: remember(.close(SMBFileID(number: try block.word(0))), header, command)
        case 0x2E:
            remember(
                .read(SMBFileID(number: try block.word(4)), offset: try block.offset(6, high: 20)), header, command)
        case 0x2F: try write(header, block, from: side, session: &session, into: &sink)
        case 0x25: try transact(header, command, block, from: side, session: &session, into: &sink)
        case 0x32: try setInformation(header, command, block)
        // A directory, a file: what is deleted by its name.
        case 0x01, 0x06:
            let name = block.formatted(at: block.dataStart).text
            remember(.delete(name: name, tree: header.tree), header, command)
        case 0x07, 0xA5:
            let name = block.formatted(at: block.dataStart)
            let new = block.formatted(at: name.end).text
            remember(.rename(name: name.text, to: new, tree: header.tree), header, command)
        default: break
        }
    }

    private mutating func remember(_ request: Request, _ header: SMB1Header, _ command: UInt8) {
        let key = Key(message: header.message, command: command)
        requests.insert(Waiting(request: request, time: now), for: key)
    }

    /// RAW_MODE and MSG_START (MS-CIFS 2.2.4.43.1): the first part of a message that is written to a pipe in several.
    private static let messageStart: UInt16 = 0x0C

    /// SMB_COM_WRITE_ANDX (MS-CIFS 2.2.4.43). In front of a message's first part stands its length, two bytes.
    private mutating func write(
        _ header: SMB1Header, _ block: SMB1Block, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        let length = Int(try block.word(18)) << 16 | Int(try block.word(20))
        var content = try block.data(at: Int(try block.word(22)), count: length)
        let offset = try block.offset(6, high: 24)
        let file = SMBFileID(number: try block.word(4))
        if try block.word(14) & Self.messageStart == Self.messageStart, session.mayBePipe(file) {
            content = content.dropFirst(2)
        }
        pass(
            content, of: file, at: offset, isWrite: true, tree: header.tree, from: side, session: &session, into: &sink)
    }

    /// TRANS_TRANSACT_NMPIPE (MS-CIFS 2.2.5.6): a call through a pipe and its answer in one exchange.
    private mutating func transact(
        _ header: SMB1Header, _ command: UInt8, _ block: SMB1Block, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        guard block.wordCount >= 16, try block.word(28) == 0x26 else { return }
        let file = SMBFileID(number: try block.word(30))
        let content = try block.data(at: Int(try block.word(24)), count: Int(try block.word(22)))
        remember(.transact(file), header, command)
        pass(content, of: file, at: 0, isWrite: true, tree: header.tree, from: side, session: &session, into: &sink)
    }

    /// TRANS2_SET_FILE_INFORMATION (MS-CIFS 2.2.6.9): an open file is marked to be deleted, or gets another name.
    private mutating func setInformation(
        _ header: SMB1Header, _ command: UInt8, _ block: SMB1Block
    ) throws(DecodeError) {
        guard block.wordCount >= 15, try block.word(28) == 8 else { return }
        var parameters = ByteReader(try block.data(at: Int(try block.word(20)), count: Int(try block.word(18))))
        let file = SMBFileID(number: try parameters.le())
        let level: UInt16 = try parameters.le()
        let content = try block.data(at: Int(try block.word(24)), count: Int(try block.word(22)))
        switch level {
        // SMB_SET_FILE_DISPOSITION_INFO, and FileDispositionInformation passed through.
        case 0x0102, 0x03F5: remember(.dispose(file, deletes: content.first.map { $0 != 0 } ?? false), header, command)
        case 0x03F2:
            // FileRenameInformation: replace, root, length, name (MS-FSCC 2.4.42.1).
            var fields = ByteReader(content.dropFirst(8))
            let length = Int(try fields.le(UInt32.self))
            remember(.renameOpen(file, to: UTF16Text.littleEndian(try fields.take(length))), header, command)
        default: break
        }
    }

    /// Hands on content. That of a pipe opens it where the answer to its opening was lost.
    /// - Parameter tree: the share that a request goes to.
    private mutating func pass(
        _ content: ArraySlice<UInt8>, of file: SMBFileID, at offset: UInt64, isWrite: Bool, tree: UInt16? = nil,
        from side: Side, session: inout SMBSession, into sink: inout RecordSink
    ) {
        guard !content.isEmpty else { return }
        let bytes = content.span.bytes
        for _ in 0..<2 {
            if session.content(bytes, of: file, at: offset, isWrite: isWrite, from: side, into: &sink) { return }
            let share = tree.map { UInt32($0) }
            guard file != .chained, session.isUnknownPipe(file, beginning: bytes, tree: share, from: side) else {
                return
            }
            let name = tree.flatMap { tree in
                requests.takePipeName(isShareKnown: session.isPipeShare(share)) { request in
                    switch request {
                    case .create(let name, tree, _), .open(let name, tree): name
                    default: nil
                    }
                }
            }
            session.openPipe(file, name: name, tree: share, into: &sink)
        }
    }

    /// Tells of what was asked for, where no answer was seen.
    mutating func tellWaiting(session: inout SMBSession, into sink: inout RecordSink) {
        let order = requests.elements.keys.sorted { ($0.message, $0.command) < ($1.message, $1.command) }
        for key in order {
            guard let waiting = requests[key] else { continue }
            switch waiting.request {
            case .treeConnect(let path): session.asked(path: path, at: waiting.time, into: &sink)
            case .create(let name, let tree, _), .open(let name, let tree):
                session.asked(name: name, tree: UInt32(tree), at: waiting.time, into: &sink)
            case .delete(let name, let tree):
                session.act("SMB::FILE_DELETE", on: name, tree: UInt32(tree), at: waiting.time, into: &sink)
            case .rename(let name, let new, let tree):
                session.act(
                    "SMB::FILE_RENAME", on: new, previousName: name, tree: UInt32(tree), at: waiting.time, into: &sink)
            case .renameOpen(let file, let name):
                session.rename(file, to: name, at: waiting.time, into: &sink)
            case .dispose(let file, let deletes): session.setDeletesOnClose(file, deletes)
            default: break
            }
        }
        requests.removeAll()
    }

    // MARK: Responses

    private mutating func response(
        _ header: SMB1Header, _ command: UInt8, _ block: SMB1Block, from side: Side, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        guard let request = requests.remove(Key(message: header.message, command: command))?.request else { return }
        let succeeded = header.status == 0
        switch request {
        case .sessionSetup(let user): sessionSetup(header, user, block, session: &session, into: &sink)
        case .treeConnect(let path) where succeeded:
            connected(header, path, block, session: &session, into: &sink)
        case .treeDisconnect where succeeded: session.disconnect(UInt32(header.tree))
        case .create(let name, _, let deletes) where succeeded:
            try created(name, deletes, header, block, session: &session, into: &sink)
        case .open(let name, _) where succeeded:
            var facts = SMBFileFacts()
            facts.size = UInt64(try block.number(12))
            session.open(
                SMBFileID(number: try block.word(4)), name: name, tree: UInt32(header.tree), facts: facts,
                deletesOnClose: false, into: &sink)
        case .close(let file) where succeeded: session.close(file, into: &sink)
        case .read(let file, let offset) where succeeded || header.isPartial:
            let length = Int(try block.word(14)) << 16 | Int(try block.word(10))
            let content = try block.data(at: Int(try block.word(12)), count: length)
            pass(content, of: file, at: offset, isWrite: false, from: side, session: &session, into: &sink)
        case .transact(let file) where succeeded || header.isPartial:
            let content = try block.data(at: Int(try block.word(14)), count: Int(try block.word(12)))
            pass(content, of: file, at: 0, isWrite: false, from: side, session: &session, into: &sink)
        case .delete(let name, _) where succeeded:
            session.act("SMB::FILE_DELETE", on: name, tree: UInt32(header.tree), into: &sink)
        case .rename(let name, let new, _) where succeeded:
            session.act("SMB::FILE_RENAME", on: new, previousName: name, tree: UInt32(header.tree), into: &sink)
        case .dispose(let file, let deletes) where succeeded: session.setDeletesOnClose(file, deletes)
        case .renameOpen(let file, let name) where succeeded: session.rename(file, to: name, into: &sink)
        default: break
        }
    }

    private func sessionSetup(
        _ header: SMB1Header, _ user: UInt16, _ block: SMB1Block, session: inout SMBSession,
        into sink: inout RecordSink
    ) {
        let login = SMBSession.Login.session(UInt64(header.user == 0 ? user : header.user))
        session.renumber(from: .session(UInt64(user)), to: login)
        if block.wordCount == 4, let length = try? block.word(6),
            let token = try? block.data(at: block.dataStart, count: Int(length))
        {
            session.token(token, of: login, into: &sink)
        }
        // STATUS_MORE_PROCESSING_REQUIRED: the exchange goes on.
        if header.status != 0xC000_0016 { session.authenticated(header.status == 0, login, into: &sink) }
    }

    /// SMB_COM_TREE_CONNECT_ANDX (MS-CIFS 2.2.4.55.2): the service in ASCII, then the file system.
    private func connected(
        _ header: SMB1Header, _ path: String, _ block: SMB1Block, session: inout SMBSession,
        into sink: inout RecordSink
    ) {
        let service = block.ascii(at: block.dataStart)
        let fileSystem = block.string(at: service.end).text
        let type = service.text == "IPC" ? "PIPE" : service.text.hasPrefix("LPT") ? "PRINT" : "DISK"
        session.connect(
            UInt32(header.tree), path: path, shareType: type, service: service.text.isEmpty ? nil : service.text,
            fileSystem: fileSystem.isEmpty ? nil : fileSystem, into: &sink)
    }

    /// SMB_COM_NT_CREATE_ANDX (MS-CIFS 2.2.4.64.2).
    private func created(
        _ name: String, _ deletesOnClose: Bool, _ header: SMB1Header, _ block: SMB1Block, session: inout SMBSession,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        var times = ByteReader(try block.wordBytes(11, count: 52))
        var facts = try SMBFileFacts(times: &times)
        try times.skip(12)
        facts.size = try times.le()
        session.open(
            SMBFileID(number: try block.word(5)), name: name, tree: UInt32(header.tree), facts: facts,
            deletesOnClose: deletesOnClose, into: &sink)
    }
}
