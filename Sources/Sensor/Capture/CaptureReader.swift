import Shared

/// Packets of several captures, read in the order given, as one.
struct CaptureReader: ~Copyable {
    private let filter: PacketFilter?
    private var waiting: [String]
    private var file: CaptureFile?
    /// Captures that did not end as they should, and where.
    private(set) var endings: [(path: String, ending: CaptureEnding)] = []
    /// Packets that the filter kept out.
    private(set) var filteredPackets: UInt64 = 0
    /// The capture being read, and how many of its bytes are read.
    private(set) var position: (path: String, byteCount: UInt64)?

    /// - Parameters:
    ///   - paths: captures and directories of them; `-` is the standard input.
    ///   - filter: only packets that pass are looked at.
    init(paths: [String], filter: PacketFilter?) {
        self.filter = filter
        waiting = paths.flatMap { $0 == "-" ? ["-"] : CapturePaths.expand($0) }
    }

    /// Hands over up to `count` packets, fewer when `take` answers that it is enough.
    /// - Returns: false when all captures are read.
    /// - Throws: an error about one capture; the next call goes on with the next one.
    @inline(__always)
    mutating func read(_ count: Int, _ take: (CapturedPacket) -> Bool) throws(SourceError) -> Bool {
        if file == nil {
            guard !waiting.isEmpty else { return false }
            file = try open(waiting.removeFirst())
        }
        guard var current = file.take() else { return false }
        var left = count
        var isEnded = false
        while left > 0 {
            guard let packet = current.next() else {
                isEnded = true
                break
            }
            left -= 1
            if let filter, !filter.passes(packet) {
                filteredPackets &+= 1
                continue
            }
            if !take(packet) { break }
        }
        position = (current.path, current.byteCount)
        if isEnded {
            if current.ending != .complete { endings.append((current.path, current.ending)) }
            if let reasons = filter?.takeRefusals(), !reasons.isEmpty {
                throw .unknownFormat(path: current.path, reason: reasons.joined(separator: "; "))
            }
        } else {
            file = consume current
        }
        return true
    }

    private func open(_ path: String) throws(SourceError) -> CaptureFile {
        do throws(CaptureError) {
            return try CaptureFile(path: path)
        } catch {
            switch error {
            case .cannotOpen(_, let reason): throw .unreadable(path: path, reason: reason)
            default: throw .unknownFormat(path: path, reason: "expected a pcap or pcapng capture, plain or gzip")
            }
        }
    }
}
