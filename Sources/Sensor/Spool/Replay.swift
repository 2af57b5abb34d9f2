internal import Protocol
internal import Shared

/// Puts everything of a source into the spool, once, however often it is killed and begun again.
public struct Replay: Sendable {
    private let spool: Spool
    private let directory: String
    /// Bytes of batches waiting for the master above which the source is not read on.
    private let boundBytes: Int
    /// Batches between two syncs.
    private static let syncInterval: UInt64 = 16
    private let waits: @Sendable (any Error) -> Void

    /// - Parameter waits: told why, when a full disk makes the replay wait for the master.
    public init(
        spool: Spool, directory: String, boundBytes: Int = 256 << 20,
        waits: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        (self.spool, self.directory, self.boundBytes, self.waits) = (spool, directory, boundBytes, waits)
    }

    /// Where a replay of `input` begins or goes on.
    /// - Parameter again: whether one that was finished is to be sent once more.
    /// - Throws: ``ReplayError/unfinished(_:)`` when another one is not finished.
    public func begin(input: String, again: Bool) async throws -> ReplayJournal {
        let old = try ReplayJournal.load(directory)
        if let old, old.input == input, !again || old.lastSequence == nil { return old }
        if let old, old.lastSequence == nil { throw ReplayError.unfinished(directory) }
        let journal = ReplayJournal(input: input, firstSequence: await spool.state.nextSequence)
        try journal.save(directory)
        return journal
    }

    /// Runs to the end of the source.
    /// - Parameters:
    ///   - report: called after each batch with the records so far.
    ///   - skipped: told what of the source cannot be read; the rest is.
    /// - Returns: the number of the closing batch, whose watermark says that nothing follows.
    public func run<Source: BatchSource & ~Copyable>(
        _ source: inout Source, journal: ReplayJournal, report: (_ records: Int) -> Void = { _ in },
        skipped: (SourceError) -> Void = { _ in }
    ) async throws -> UInt64 {
        if let last = journal.lastSequence { return last }
        var (sequence, records, isTold) = (journal.firstSequence, 0, false)
        while let batch = try next(&source, skipped) {
            records += batch.recordCount
            try await put(batch, at: sequence, &isTold)
            sequence += 1
            report(records)
        }
        var closing = RecordBatch()
        closing.watermark = .distantFuture
        try await put(closing, at: sequence, &isTold)
        try await spool.sync()
        var finished = journal
        finished.lastSequence = sequence
        try await whenFull(&isTold) { [finished] in try finished.save(directory) }
        return sequence
    }

    /// The next batch that can be read. A source that says the same twice does not go on.
    private func next<Source: BatchSource & ~Copyable>(
        _ source: inout Source, _ skipped: (SourceError) -> Void
    ) throws -> RecordBatch? {
        var before: SourceError?
        while true {
            do throws(SourceError) {
                return try source.nextBatch()
            } catch {
                if error == before { throw error }
                skipped(error)
                before = error
            }
        }
    }

    private func put(_ batch: RecordBatch, at sequence: UInt64, _ isTold: inout Bool) async throws {
        let next = await spool.state.nextSequence
        guard sequence >= next else { return }
        guard sequence == next else { throw ReplayError.interleaved(directory) }
        let encoded = try BatchEncoder.encode(batch)
        if await spool.state.byteCount > boundBytes {
            try await spool.sync()
            try await spool.changed.wait {
                let state = await spool.state
                return state.byteCount <= boundBytes || state.waiting == 0
            }
        }
        try await whenFull(&isTold) { try await spool.append(encoded) }
        if sequence % Self.syncInterval == 0 { try await spool.sync() }
    }

    /// A full disk makes a replay wait: what the master takes makes room.
    /// - Parameter isTold: whether somebody was told before.
    private func whenFull(_ isTold: inout Bool, _ write: () async throws -> Void) async throws {
        var isEmpty = false
        while true {
            do { return try await write() } catch  where Self.isFull(error) {
                try await spool.sync()
                let waiting = await spool.state.waiting
                // The last one may have been taken since the writing failed; with nothing on its way, nothing more will
                // make room.
                guard waiting > 0 else {
                    if isEmpty { throw error }
                    isEmpty = true
                    continue
                }
                isEmpty = false
                if !isTold { waits(error) }
                isTold = true
                try await spool.changed.wait { await spool.state.waiting < waiting }
            }
        }
    }

    private static func isFull(_ error: any Error) -> Bool {
        switch error {
        case SpoolError.full: true
        case let error as FileError: error.isFull
        default: false
        }
    }
}

/// Why a replay cannot begin or go on.
public enum ReplayError: Error, Equatable, Sendable, CustomStringConvertible {
    case unfinished(String)
    case interleaved(String)

    public var description: String {
        switch self {
        case .unfinished(let directory):
            "another replay in \(directory) is not finished: give the same paths again to finish it first"
        case .interleaved(let directory):
            "something else has written into the spool of \(directory) during this replay; "
                + "remove \(directory)/replay.json to begin it anew"
        }
    }
}
