internal import Shared

/// The opens that chains of related requests ask for (MS-SMB2 3.2.4.1.4). Their identifiers are known once the server
/// has answered, in one message or in several (3.3.4.1.3); what is written through them before that waits.
struct SMB2Chains {
    /// Which open a request is about.
    enum Reference: Sendable {
        case open(SMBFileID)
        /// The one that this message of the same chain asks for.
        case asked(UInt64)
    }

    /// Content that waits for its open.
    struct Write: Sendable {
        var bytes: [UInt8]
        /// Bytes behind them that were not kept.
        var missingByteCount: Int
        let offset: UInt64
        let tree: UInt32
        let side: Side

        var heldBytes: Int { bytes.count + 64 }
    }

    private struct Chain: Sendable {
        let message: UInt64
        var file: SMBFileID?
        var writes: [Write] = []
    }

    /// In the order in which they began.
    private var chains: [Chain] = []
    /// Bytes of what waits.
    private(set) var heldBytes = 0

    /// Clients have some under way at a time, and a handful of requests in each.
    private static let chainLimit = 128
    /// Bytes that wait: files that are written so are small.
    private static let heldLimit = 1 << 20

    /// Notes that the open which `message` asks for is followed by other requests.
    mutating func begin(_ message: UInt64) {
        forget(message)
        if let first = chains.first, chains.count >= Self.chainLimit { forget(first.message) }
        chains.append(Chain(message: message))
    }

    /// The open that `message` asked for; nil when that is not known, or not yet.
    func file(_ message: UInt64) -> SMBFileID? { place(of: message).flatMap { chains[$0].file } }

    /// The message whose chain is about this open; nil where there is none.
    func message(opening file: SMBFileID) -> UInt64? { chains.last { $0.file == file }?.message }

    /// Whether the open that `message` asks for is still to come.
    func isAwaited(_ message: UInt64) -> Bool { place(of: message).map { chains[$0].file == nil } ?? false }

    /// Keeps what is written through the open that `message` asks for, or its length where there is too much.
    mutating func hold(_ write: Write, for message: UInt64) {
        guard let place = place(of: message) else { return }
        var write = write
        if heldBytes + write.heldBytes > Self.heldLimit {
            write.missingByteCount += write.bytes.count
            write.bytes = []
        }
        heldBytes += write.heldBytes
        chains[place].writes.append(write)
    }

    /// The server opened what `message` asked for.
    /// - Returns: what waited for it, in order.
    mutating func opened(_ file: SMBFileID, by message: UInt64) -> [Write] {
        guard let place = place(of: message) else { return [] }
        let writes = chains[place].writes
        chains[place].file = file
        chains[place].writes = []
        for write in writes { heldBytes -= write.heldBytes }
        return writes
    }

    /// What `message` asked for does not come, or is not asked about any more.
    mutating func forget(_ message: UInt64) {
        guard let place = place(of: message) else { return }
        for write in chains.remove(at: place).writes { heldBytes -= write.heldBytes }
    }

    mutating func removeAll() { (chains, heldBytes) = ([], 0) }

    private func place(of message: UInt64) -> Int? { chains.lastIndex { $0.message == message } }
}
