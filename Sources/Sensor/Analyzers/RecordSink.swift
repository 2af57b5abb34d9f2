public import Shared

/// Where analyzers write records: the current batch, with the connection that is being looked at.
///
/// Owned by one capture worker and passed `inout`. The flow table sets ``connection`` and ``now`` before each call of
/// an analyzer.
public struct RecordSink {
    public var batch = RecordBatch()
    public var connection = ConnectionContext()
    /// Time of the packet that is being looked at.
    public var now = Timestamp.distantPast
    /// Services found inside the protocol (`ntlm`, `gssapi`, ...); the flow table takes them over after each call.
    public var foundServices: [StaticString] = []
    /// Bytes at the end of what an analyzer was given that belong to the protocol it hands over to.
    var unreadByteCount = 0
    /// Bytes of the other side that came before an analyzer handed over, and belong to the protocol that follows.
    var earlyBytes: [UInt8] = []
    /// Requests of STUN that DTLS takes along, with whose first datagram the connection is handed over.
    var openSTUN: STUNRequests?
    /// The capture has only the beginning of the datagram that is being looked at: the sender is not at fault.
    var isCut = false
    /// Streams inside of one another that are being looked at.
    var nesting = 0
    /// Digests that files get.
    var fileDigests = FileDigestAlgorithms.sha256
    /// What analyzers remember across the connections of this worker.
    var memories = SharedMemories()
    /// Irregularities since the last statistics.
    var weirds = WeirdCounts()
    /// For compressed content of all connections.
    let unfolding = UnfoldingAllowance()
    /// For files to come.
    private var fileWorks: [FileWork] = []

    /// Works that are kept, of about 6 KB each.
    private static let fileWorkLimit = 32

    public init() {}

    /// Begins a record of the current connection, head fields set.
    /// - Parameter time: its `ts`; the current packet's time when nil.
    public mutating func begin<Schema: ConnectionRecordSchema>(_ schema: Schema, at time: Timestamp? = nil) {
        batch.begin(Schema.self)
        batch.set(schema.ts, time ?? now)
        batch.set(schema.uid, connection.identity)
        batch.set(schema.origH, connection.originator)
        batch.set(schema.origP, connection.originatorPort)
        batch.set(schema.respH, connection.responder)
        batch.set(schema.respP, connection.responderPort)
    }

    /// Begins a record without connection head (`files`, `x509`, `dhcp`).
    public mutating func beginDetached<Schema: RecordSchema>(_ schema: Schema) { batch.begin(Schema.self) }

    public mutating func end() {
        batch.end()
        if batch.hasCutTexts { tellCutTexts() }
    }

    private mutating func tellCutTexts() {
        batch.hasCutTexts = false
        weird("record_texts_cut", detail: batch.currentKind.name, source: "RECORD")
    }

    /// A new identifier of a file or certificate on this connection: `F`, the connection's own digits, and its number
    /// on the connection. Another worker gives the same, and beside the connection's it hardly adds to a batch.
    public mutating func nextFileID() -> String {
        connection.fileCount &+= 1
        return connection.identity.text(prefix: "F", number: connection.fileCount)
    }

    /// What a file that begins needs; ``giveBack(_:)`` it when the file ends.
    mutating func takeFileWork() -> FileWork { fileWorks.popLast() ?? FileWork(fileDigests, unfolding) }

    mutating func giveBack(_ work: FileWork) {
        guard fileWorks.count < Self.fileWorkLimit, work.algorithms == fileDigests else { return }
        work.reset()
        fileWorks.append(work)
    }

    mutating func takeEarlyBytes() -> [UInt8] {
        defer { earlyBytes = [] }
        return earlyBytes
    }

    /// Notes a service found inside the analyzer's own protocol, for the connection's `service`.
    public mutating func found(service: StaticString) { foundServices.append(service) }

    /// Writes a `tunnel`: the connection carries others from here on. As Zeek writes it, the originator's port is 0.
    public mutating func tunnel(_ kind: StaticString) {
        let port = connection.originatorPort
        connection.originatorPort = 0
        begin(Records.tunnel)
        connection.originatorPort = port
        batch.set(Records.tunnel.tunnelType, name: kind)
        batch.set(Records.tunnel.action, name: "Tunnel::DISCOVER")
        end()
    }

    /// Counts a `weird`, something its protocol does not allow, under a stable name; and writes it, unless there were
    /// many of it.
    public mutating func weird(_ name: StaticString, detail: String? = nil, source: StaticString) {
        guard !isCut, weirds.count(name, source, connection.originator) else { return }
        begin(Records.weird)
        batch.set(Records.weird.name, "\(name)")
        batch.set(Records.weird.addl, detail)
        batch.set(Records.weird.source, "\(source)")
        end()
    }
}
