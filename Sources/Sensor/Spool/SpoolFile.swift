internal import Foundation
internal import Protocol

/// One segment, open for reading or for both.
final class SpoolFile {
    let path: String
    /// Sequence of its first batch.
    let first: UInt64
    private let descriptor: Int32
    private(set) var byteCount: Int

    /// - Throws: ``SpoolError`` with the system's reason.
    init(directory: String, first: UInt64) throws(SpoolError) {
        self.first = first
        let digits = String(first)
        path = "\(directory)/\(String(repeating: "0", count: max(0, 20 - digits.count)))\(digits).seg"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        byteCount = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        if byteCount == 0 { PrivateFile.syncDirectory(of: path) }
    }

    deinit { close(descriptor) }

    static func failure(_ path: String) -> SpoolError {
        switch errno {
        case ENOSPC, EDQUOT, EFBIG: .full(path: (path as NSString).deletingLastPathComponent)
        default: .system(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Writes at the end; what could only be written in part is taken back.
    func append(_ bytes: [UInt8]) throws(SpoolError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { unsafe in
                pwrite(descriptor, unsafe.baseAddress?.advanced(by: done), bytes.count - done, off_t(byteCount + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = Self.failure(path)
                try cut(to: byteCount)
                throw failure
            }
            done += count
        }
        byteCount += done
    }

    func sync() throws(SpoolError) {
        guard fdatasync(descriptor) == 0 else { throw Self.failure(path) }
    }

    func cut(to length: Int) throws(SpoolError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure(path) }
        byteCount = length
    }

    /// The batch at `offset` and where the next one begins; nil when there is no whole and sound one.
    func entry(at offset: Int) -> (batch: SpooledBatch, next: Int)? {
        guard let head = read(SpoolEntry.headBytes, at: offset), let length = SpoolEntry.bodyBytes(head: head),
            let body = read(length, at: offset + SpoolEntry.headBytes),
            let batch = SpoolEntry.batch(head: head, body: body)
        else { return nil }
        return (batch, offset + SpoolEntry.headBytes + length)
    }

    /// The first sound entry from `start` on whose number is one of `numbers`: what is in front of it is damaged.
    ///
    /// Lengths are not trusted, since they may be what is damaged: every byte may begin an entry.
    func soundEntry(from start: Int, numbers: ClosedRange<UInt64>) -> (offset: Int, batch: SpooledBatch, next: Int)? {
        guard let rest = read(byteCount - start, at: start) else { return nil }
        var index = 0
        while let place = SpoolEntry.place(in: rest, from: index, numbers: numbers) {
            if let entry = entry(at: start + place), numbers.contains(entry.batch.sequence) {
                return (start + place, entry.batch, entry.next)
            }
            index = place + 1
        }
        return nil
    }

    private func read(_ count: Int, at offset: Int) -> [UInt8]? {
        guard offset + count <= byteCount else { return nil }
        // Making an empty array this way writes to the one that all threads share.
        guard count > 0 else { return [] }
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            while got < count {
                let part = pread(descriptor, buffer.baseAddress?.advanced(by: got), count - got, off_t(offset + got))
                if part < 0, errno == EINTR { continue }
                guard part > 0 else { break }
                got += part
            }
            used = got
        }
        return got == count ? bytes : nil
    }

    func delete() { unlink(path) }
}
