internal import Shared

/// What an SMB connection has open: shares, files, authentications. Shared by SMB 1 and SMB 2. Every table is bounded.
struct SMBSession {
    struct Tree: Sendable {
        let path: String
        let kind: SMBOpenFile.Kind
    }

    /// What an authentication is known by: its session, and until the server has given that a number the message that
    /// began it (MS-SMB2 3.2.4.2.3), for several may begin at a time.
    enum Login: Hashable, Comparable, Sendable {
        case request(UInt64)
        case session(UInt64)
    }

    private(set) var trees: [UInt32: Tree] = [:]
    private var opens: [SMBFileID: SMBOpenFile] = [:]
    /// What an open takes on average: those with content have digests, those of pipes a conversation.
    private static let usualOpenBytes = 2048
    var heldBytes: Int {
        // The memory of what waits grows by doubling.
        opens.count * Self.usualOpenBytes + namesWeight + pathsWeight + 2 * earlyByteCount + callsByteCount
    }
    /// Content of all opens that waits for what precedes it.
    private var earlyByteCount = 0
    /// What the remote calls of all pipes take.
    private var callsByteCount = 0
    /// Something was lost: what has not come may never come.
    private var isIncomplete = false
    /// Bytes of the names of opens, and of the paths of shares.
    private var namesWeight = 0
    private var pathsWeight = 0
    private var securities: [Login: SecurityExchange] = [:]
    /// Opens that were forgotten because the table was full.
    private(set) var evictedOpens: UInt64 = 0

    /// Shares, opens and authentications of one connection that are followed at a time.
    private static let treeLimit = 1024
    private static let openLimit = 4096
    /// Bytes of the names of either: about 500 an open.
    private static let namesLimit = 2 << 20
    private static let securityLimit = 64
    /// Content of one connection that waits: clients ask for parts of up to 8 MiB, some at a time.
    private static let earlyLimit = 16 << 20

    // MARK: Authentication

    mutating func token(_ bytes: ArraySlice<UInt8>, of login: Login, into sink: inout RecordSink) {
        // The answer that gave the session its number is not there.
        if sink.connection.isOneSided, securities[login] == nil { takeOverUnnumbered(as: login) }
        if securities[login] == nil, securities.count >= Self.securityLimit { endSecurities(into: &sink) }
        securities[login, default: SecurityExchange()].token(bytes, into: &sink)
    }

    /// What began before the server gave a number belongs to the session whose number is seen next; of several, the
    /// oldest. SMB 2 knows it by its request, SMB 1 by a user of 0.
    private mutating func takeOverUnnumbered(as login: Login) {
        guard case .session = login else { return }
        let oldest = securities.keys.filter { begun in
            switch begun {
            case .request: true
            case .session(let number): number == 0
            }
        }.min()
        if let oldest { renumber(from: oldest, to: login) }
    }

    /// The server gave a session its number: what was seen under that of the request belongs to it.
    mutating func renumber(from old: Login, to new: Login) {
        guard old != new, let security = securities.removeValue(forKey: old) else { return }
        securities[new] = security
    }

    mutating func authenticated(_ success: Bool, _ login: Login, into sink: inout RecordSink) {
        guard let security = securities.removeValue(forKey: login) else { return }
        security.outcome(success: success, into: &sink)
        security.finish(into: &sink)
    }

    private mutating func endSecurities(into sink: inout RecordSink) {
        for key in securities.keys.sorted() { securities[key]?.finish(into: &sink) }
        securities.removeAll()
    }

    // MARK: Shares

    /// Notes a share and writes its `smb_mapping` record.
    mutating func connect(
        _ id: UInt32, path: String, shareType: String, service: String? = nil, fileSystem: String? = nil,
        isEncrypted: Bool? = nil, into sink: inout RecordSink
    ) {
        if trees.count >= Self.treeLimit || pathsWeight > Self.namesLimit { (trees, pathsWeight) = ([:], 0) }
        disconnect(id)
        pathsWeight += path.utf8.count
        trees[id] = Tree(path: path, kind: SMBOpenFile.Kind(ofShare: shareType))
        let mapping = Records.smbMapping
        sink.begin(mapping)
        sink.batch.set(mapping.path, path)
        sink.batch.set(mapping.shareType, shareType)
        sink.batch.set(mapping.service, service)
        sink.batch.set(mapping.nativeFileSystem, fileSystem)
        sink.batch.set(mapping.encrypted, isEncrypted)
        sink.end()
    }

    /// Tells of a share that was asked for, where no answer was seen.
    func asked(path: String, at time: Timestamp, into sink: inout RecordSink) {
        sink.begin(Records.smbMapping, at: time)
        sink.batch.set(Records.smbMapping.path, path)
        sink.end()
    }

    mutating func disconnect(_ id: UInt32) {
        if let tree = trees.removeValue(forKey: id) { pathsWeight -= tree.path.utf8.count }
    }

    // MARK: Files

    mutating func open(
        _ id: SMBFileID, name: String, tree: UInt32, facts: SMBFileFacts, deletesOnClose: Bool,
        into sink: inout RecordSink
    ) {
        if opens.count >= Self.openLimit || namesWeight > Self.namesLimit { evict(into: &sink) }
        let share = trees[tree]
        let file = SMBOpenFile(name: name, path: share?.path, kind: share?.kind ?? .file, facts: facts)
        file.deletesOnClose = deletesOnClose
        file.record(file.kind.opened, into: &sink)
        close(id, into: &sink)
        namesWeight += file.namesWeight
        opens[id] = file
    }

    /// Tells of an open that was asked for, where no answer was seen.
    func asked(name: String, tree: UInt32, at time: Timestamp, into sink: inout RecordSink) {
        let share = trees[tree]
        let file = SMBOpenFile(name: name, path: share?.path, kind: share?.kind ?? .file, facts: SMBFileFacts())
        file.record(file.kind.opened, at: time, into: &sink)
    }

    /// Whether what passes through an open that is not known is that of a pipe, by what it carries and by its share.
    func isUnknownPipe(_ id: SMBFileID, beginning bytes: RawSpan, tree: UInt32?, from side: Side) -> Bool {
        guard opens[id] == nil, id != .related else { return false }
        if let share = tree.flatMap({ trees[$0] }), share.kind != .pipe { return false }
        return DCERPCAnalyzer.probe(bytes, from: side) == .match
    }

    /// Whether an open is one of a pipe, as far as it is known.
    func mayBePipe(_ id: SMBFileID) -> Bool { opens[id].map { $0.kind == .pipe || $0.path == nil } ?? true }

    /// Whether a share is known to be the one of pipes.
    func isPipeShare(_ tree: UInt32?) -> Bool { tree.flatMap { trees[$0] }?.kind == .pipe }

    /// Opens a pipe of which no answer to its opening was seen.
    /// - Parameter name: the one it was asked for by; nil where that is not known, so that only its calls are told.
    mutating func openPipe(_ id: SMBFileID, name: String?, tree: UInt32?, into sink: inout RecordSink) {
        if opens.count >= Self.openLimit || namesWeight > Self.namesLimit { evict(into: &sink) }
        let path = tree.flatMap { trees[$0]?.path }
        let file = SMBOpenFile(name: name ?? "", path: path, kind: .pipe, facts: SMBFileFacts())
        if name != nil { file.record(file.kind.opened, into: &sink) }
        namesWeight += file.namesWeight
        opens[id] = file
    }

    /// Ends the opens of a full table, so that what they did is told.
    private mutating func evict(into sink: inout RecordSink) {
        evictedOpens += UInt64(opens.count)
        closeAll(into: &sink)
    }

    /// - Parameter isEarly: what precedes it was asked for, and is still to come. Of what is written nobody can tell.
    /// - Returns: false when the open is not known.
    mutating func content(
        _ bytes: RawSpan, of id: SMBFileID, at offset: UInt64, isWrite: Bool, isEarly: Bool = false, from side: Side,
        into sink: inout RecordSink
    ) -> Bool {
        guard let file = opens[id] else { return false }
        let before = (early: file.earlyByteCount, calls: file.callsByteCount)
        // Clients write several parts at a time, in any order.
        let mayWait = isEarly || isWrite && !isIncomplete
        file.content(
            bytes, at: offset, isWrite: isWrite,
            isEarly: mayWait && earlyByteCount + bytes.byteCount <= Self.earlyLimit, from: side, into: &sink)
        earlyByteCount += file.earlyByteCount - before.early
        callsByteCount += file.callsByteCount - before.calls
        return true
    }

    /// How far a file was read without a hole; nil where nothing is to wait for what is missing.
    func readPosition(of id: SMBFileID) -> UInt64? { isIncomplete ? nil : opens[id]?.readPosition }

    /// Something was lost: nothing waits on this connection any more.
    mutating func lose(now: Timestamp) {
        isIncomplete = true
        guard earlyByteCount > 0 else { return }
        for file in opens.values { file.giveUpEarly(now: now) }
        earlyByteCount = 0
    }

    /// A part of what passes through an open was lost.
    mutating func lose(
        _ byteCount: Int, of id: SMBFileID, at offset: UInt64, isWrite: Bool, from side: Side, now: Timestamp
    ) {
        guard let file = opens[id] else { return }
        let before = (early: file.earlyByteCount, calls: file.callsByteCount)
        file.lose(byteCount, at: offset, isWrite: isWrite, from: side, now: now)
        earlyByteCount += file.earlyByteCount - before.early
        callsByteCount += file.callsByteCount - before.calls
    }

    mutating func rename(
        _ id: SMBFileID, to name: String, at time: Timestamp? = nil, into sink: inout RecordSink
    ) {
        guard let file = opens[id] else { return }
        let old = file.name
        file.name = name
        namesWeight += name.utf8.count - old.utf8.count
        file.record("SMB::FILE_RENAME", previousName: old, at: time, into: &sink)
    }

    /// Tells of what is done to a file by its name, without opening it.
    func act(
        _ action: String, on name: String, previousName: String? = nil, tree: UInt32, at time: Timestamp? = nil,
        into sink: inout RecordSink
    ) {
        let file = SMBOpenFile(name: name, path: trees[tree]?.path, kind: .file, facts: SMBFileFacts())
        file.record(action, previousName: previousName, at: time, into: &sink)
    }

    mutating func setDeletesOnClose(_ id: SMBFileID, _ value: Bool) { opens[id]?.deletesOnClose = value }

    mutating func close(_ id: SMBFileID, into sink: inout RecordSink) {
        guard let file = opens.removeValue(forKey: id) else { return }
        namesWeight -= file.namesWeight
        earlyByteCount -= file.earlyByteCount
        callsByteCount -= file.callsByteCount
        file.close(into: &sink)
    }

    private mutating func closeAll(into sink: inout RecordSink) {
        let order = opens.keys.sorted { ($0.persistent, $0.volatile) < ($1.persistent, $1.volatile) }
        for id in order { close(id, into: &sink) }
    }

    /// The connection has ended: tell of what is open.
    mutating func finish(into sink: inout RecordSink) {
        closeAll(into: &sink)
        endSecurities(into: &sink)
    }
}
