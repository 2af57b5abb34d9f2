internal import Foundation
public import Protocol
internal import Shared

/// Batches on disk, from when they are cut until the master has them: append-only segments with checksums.
///
/// The numbers go on over restarts, since the newest segment stays even when all of it is acknowledged. Only what is
/// synced is given out: so a batch that the master has seen can never be another one after a power cut.
public actor Spool {
    private let directory: String
    private let settings: SpoolSettings
    /// In order; the last one is written to.
    private var segments: [SpoolFile]
    /// Bytes of all segments but the last.
    private var olderBytes: Int
    private var readPlace: (segment: UInt64, offset: Int, sequence: UInt64)?
    private var counters: SpoolCounters
    /// Rings when batches became durable, or are not needed any more.
    nonisolated let changed = Bell()

    /// Opens or makes the spool. A tail that a crash tore off is cut and reported in ``state``.
    /// - Throws: ``SpoolError`` with the system's reason.
    public init(directory: String, settings: SpoolSettings = SpoolSettings()) throws {
        (self.directory, self.settings) = (directory, settings)
        try PrivateFile.makeDirectory(directory)
        var firsts = try FileManager.default.contentsOfDirectory(atPath: directory)
            .filter { $0.hasSuffix(".seg") }.compactMap { UInt64($0.dropLast(4)) }
            .filter { $0 <= Self.sequenceLimit }.sorted()
        if firsts.isEmpty { firsts = [1] }
        segments = try firsts.map { first throws(SpoolError) in try SpoolFile(directory: directory, first: first) }
        olderBytes = segments.dropLast().reduce(0) { $0 + $1.byteCount }
        counters = SpoolCounters(nextSequence: firsts[firsts.count - 1])
        counters.acknowledged = firsts[0] - 1
        try Self.cutTornTail(of: segments[segments.count - 1], &counters)
        counters.synced = counters.nextSequence - 1
    }

    /// Nobody ever sends as many.
    private static let sequenceLimit: UInt64 = 1 << 62

    private static func cutTornTail(of file: SpoolFile, _ counters: inout SpoolCounters) throws(SpoolError) {
        var offset = 0
        while let entry = next(in: file, at: offset, sequence: counters.nextSequence) {
            offset = entry.next
            counters.nextSequence = entry.batch.sequence + 1
        }
        guard offset < file.byteCount else { return }
        counters.tornBytes = file.byteCount - offset
        try file.cut(to: offset)
        try file.sync()
    }

    /// The entry at `offset`, which should have the number `sequence`, or where that is damaged the first sound one
    /// behind it: one spot on the disk takes no more with it than what lies there.
    private static func next(
        in file: SpoolFile, at offset: Int, sequence: UInt64
    ) -> (offset: Int, batch: SpooledBatch, next: Int)? {
        if let entry = file.entry(at: offset), entry.batch.sequence == sequence {
            return (offset, entry.batch, entry.next)
        }
        let most = UInt64(max(0, file.byteCount - offset) / (SpoolEntry.headBytes + SpoolEntry.fixedBytes))
        return file.soundEntry(from: offset, numbers: sequence...(sequence + most))
    }

    public var state: SpoolCounters {
        var state = counters
        state.byteCount = byteCount
        return state
    }

    private var byteCount: Int { olderBytes + segments[segments.count - 1].byteCount }

    /// Writes a batch under the next number.
    /// - Throws: ``SpoolError/full(path:)`` when there is no room: the batch is not taken, the caller counts it or
    /// waits.
    @discardableResult
    public func append(_ content: EncodedBatch) throws(SpoolError) -> UInt64 {
        let bytes = SpoolEntry.bytes(counters.nextSequence, content)
        do {
            try write(bytes)
        } catch {
            guard case .full = error else { throw error }
            counters.refusedBatches += 1
            try makeRoom()
            // Everything there was acknowledged: its room is free now.
            guard segments.count == 1 else { throw error }
            try write(bytes)
            counters.refusedBatches -= 1
        }
        counters.nextSequence += 1
        return counters.nextSequence - 1
    }

    private func write(_ bytes: [UInt8]) throws(SpoolError) {
        guard byteCount + bytes.count <= settings.limitBytes else { throw .full(path: directory) }
        if segments[segments.count - 1].byteCount >= settings.segmentBytes { try beginSegment() }
        try segments[segments.count - 1].append(bytes)
    }

    /// Ends the last segment, so that it can go when its batches are acknowledged: a full disk must not stay full
    /// until a segment has its whole length.
    private func makeRoom() throws(SpoolError) {
        if segments[segments.count - 1].byteCount > 0 { try beginSegment() }
        deleteAcknowledged()
    }

    private func beginSegment() throws(SpoolError) {
        try sync()
        let file = try SpoolFile(directory: directory, first: counters.nextSequence)
        olderBytes += segments[segments.count - 1].byteCount
        segments.append(file)
    }

    /// Makes everything durable, then gives it to the uplink.
    public func sync() throws(SpoolError) {
        guard counters.synced < counters.nextSequence - 1 else { return }
        try segments[segments.count - 1].sync()
        counters.synced = counters.nextSequence - 1
        changed.ring()
    }

    /// Syncs as often as the settings say, until its task is cancelled; then once more.
    public func keepSynced(whenFailing report: @Sendable (SpoolError) -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(settings.syncIntervalMs))
            do { try sync() } catch { report(error) }
        }
    }

    /// The synced batch behind `sequence`; nil when there is none yet.
    public func batch(after sequence: UInt64) -> SpooledBatch? {
        let wanted = max(sequence, counters.acknowledged) + 1
        guard wanted <= counters.synced else { return nil }
        guard let file = segments.last(where: { $0.first <= wanted }) else { return nil }
        var (offset, current) = (0, file.first)
        if let place = readPlace, place.segment == file.first, place.sequence <= wanted {
            (offset, current) = (place.offset, place.sequence)
        }
        while let entry = Self.next(in: file, at: offset, sequence: current), entry.batch.sequence <= wanted {
            (offset, current) = (entry.next, entry.batch.sequence + 1)
            if entry.batch.sequence == wanted {
                readPlace = (file.first, offset, current)
                return entry.batch
            }
        }
        return lost(wanted)
    }

    /// Stands for a batch that the disk has damaged: empty, so that the numbers stay without gaps.
    private func lost(_ sequence: UInt64) -> SpooledBatch? {
        if counters.damaged.insert(sequence).inserted { counters.damagedBatches += 1 }
        var empty = RecordBatch()
        empty.watermark = .distantPast
        guard let content = try? BatchEncoder.encode(empty) else { return nil }
        return SpooledBatch(sequence: sequence, content: content)
    }

    /// The master has everything up to `sequence`: segments that are not needed any more are deleted.
    public func acknowledge(through sequence: UInt64) {
        counters.acknowledged = max(counters.acknowledged, min(sequence, counters.synced))
        deleteAcknowledged()
        changed.ring()
    }

    private func deleteAcknowledged() {
        while segments.count > 1, segments[1].first <= counters.acknowledged + 1 {
            let file = segments.removeFirst()
            olderBytes -= file.byteCount
            file.delete()
        }
    }

    /// The master has more than this spool ever numbered (its directory was lost): go on behind that.
    ///
    /// - Throws: ``SpoolError/system(path:reason:)`` when the spool holds batches under numbers that the master has
    ///   from before: which of the two are right, nobody can say.
    public func goOn(after sequence: UInt64) throws(SpoolError) {
        guard sequence >= counters.nextSequence else { return }
        guard sequence < Self.sequenceLimit else {
            throw .system(path: directory, reason: "the master claims to have \(sequence) batches of this sensor")
        }
        guard segments.count == 1 && segments[0].byteCount == 0 || hasLostTail(through: sequence) else {
            throw .system(
                path: directory,
                reason: "the master has \(sequence) batches of this sensor and the spool only knows of "
                    + "\(counters.nextSequence - 1); move the directory away, then import it again")
        }
        let file = try SpoolFile(directory: directory, first: sequence + 1)
        for old in segments { old.delete() }
        (segments, olderBytes, readPlace) = ([file], 0, nil)
        counters.nextSequence = sequence + 1
        (counters.synced, counters.acknowledged) = (sequence, sequence)
    }

    /// Whether the batches up to `sequence` may be those that were damaged, and cut, when the spool was opened.
    private func hasLostTail(through sequence: UInt64) -> Bool {
        let most = counters.tornBytes / (SpoolEntry.headBytes + SpoolEntry.fixedBytes)
        return sequence - counters.nextSequence < UInt64(max(0, most))
    }
}
