internal import Shared

/// The files in a zip file that passes by (PKWARE APPNOTE 6.3.10): what it packs is told beside it.
///
/// Only what is stored or deflated is opened, and of what is encrypted the names are told.
final class ZipContents {
    /// Files of one archive that are told, and bytes that come out of it: both bound what an archive can cost.
    private static let fileLimit = 64
    private static let outputLimit: UInt64 = 64 << 20
    /// Local file header (section 4.3.7) without its name and extra field.
    private static let headerLength = 30
    /// A name and an extra field have two bytes of length each; real ones are short.
    private static let nameLimit = 4096

    private enum State {
        /// Between files: a header is being put together.
        case header
        case stored(left: UInt64)
        case deflated(ContentInflater)
        case skipped(left: UInt64)
        /// A descriptor may follow a file whose length was not told before (section 4.3.9).
        case descriptor
    }

    private var state = State.header
    private var head: [UInt8] = []
    /// The file that passes by has the extra field of Zip64, and with it longer numbers in its descriptor.
    private var isWide = false
    private var current: FileStream?
    private var files: [FileStream] = []
    /// Bytes of those that have ended, about.
    private var endedBytes = 0
    private var outputCount: UInt64 = 0
    private let algorithms: FileDigestAlgorithms
    private let allowance: UnfoldingAllowance
    private let isOriginator: Bool
    /// The directory was reached, bytes were lost, or a limit was.
    var isOver = false

    init(algorithms: FileDigestAlgorithms, allowance: UnfoldingAllowance, isOriginator: Bool) {
        self.algorithms = algorithms
        self.allowance = allowance
        self.isOriginator = isOriginator
    }

    /// Bytes of memory that it takes.
    var heldBytes: Int {
        var unfolding = 0
        if case .deflated(let inflater) = state { unfolding = inflater.heldBytes }
        return head.capacity + unfolding + endedBytes + (current?.heldBytes ?? 0)
    }

    /// Takes the next bytes of the archive.
    func append(_ bytes: RawSpan, at now: Timestamp) {
        var offset = 0
        while !isOver, offset < bytes.byteCount {
            let rest = bytes.extracting(droppingFirst: offset)
            switch state {
            case .header, .descriptor: offset += takeHeader(rest, at: now)
            case .stored(let left):
                let piece = rest.extracting(first: Int(clamping: left))
                give(piece, at: now)
                offset += piece.byteCount
                advance(left - UInt64(piece.byteCount)) { .stored(left: $0) }
            case .skipped(let left):
                let count = Swift.min(Int(clamping: left), rest.byteCount)
                offset += count
                advance(left - UInt64(count)) { .skipped(left: $0) }
            case .deflated(let inflater): offset += inflate(rest, inflater, at: now)
            }
        }
    }

    private func advance(_ left: UInt64, _ next: (UInt64) -> State) {
        if left > 0 { state = next(left) } else { endFile() }
    }

    private func inflate(_ bytes: RawSpan, _ inflater: ContentInflater, at now: Timestamp) -> Int {
        inflater.append(bytes, at: now) { give($0, at: now) }
        if inflater.isGivenUp || isOver {
            // What follows is not looked for: how much is missing is not known, but some is.
            current?.gap(1)
            isOver = true
        }
        guard inflater.isDone else { return bytes.byteCount }
        endFile()
        return bytes.byteCount - inflater.unusedCount
    }

    private func give(_ bytes: RawSpan, at now: Timestamp) {
        guard outputCount <= Self.outputLimit else {
            isOver = true
            return
        }
        outputCount += UInt64(bytes.byteCount)
        current?.append(bytes, at: now)
    }

    private func endFile() {
        keepCurrent()
        state = .descriptor
        if files.count >= Self.fileLimit { isOver = true }
    }

    /// The file that passes by has ended; its record waits for the archive's end.
    private func keepCurrent() {
        guard var ended = current else { return }
        ended.seal()
        current = nil
        files.append(ended)
        endedBytes += MemoryLayout<FileStream>.size + ended.filename.weight
    }

    /// Adds to a header until it is whole.
    /// - Returns: how many bytes it took.
    private func takeHeader(_ bytes: RawSpan, at now: Timestamp) -> Int {
        let taken = bytes.extracting(first: wantedLength() - head.count)
        taken.withUnsafeBytes { head.append(contentsOf: $0) }
        if head.count >= 4 { checkMark() }
        if !isOver, head.count > 4, head.count == wantedLength() { takeWholeHeader(at: now) }
        return taken.byteCount
    }

    private func wantedLength() -> Int {
        guard head.count >= 4 else { return 4 }
        if head.starts(with: [0x50, 0x4B, 7, 8]) { return isWide ? 24 : 16 }
        guard head.count >= Self.headerLength else { return Self.headerLength }
        return Self.headerLength + number(26, 2) + number(28, 2)
    }

    /// A file or a descriptor goes on; the directory, and what is neither, ends the reading.
    private func checkMark() {
        if head.starts(with: [0x50, 0x4B, 3, 4]) {
            isOver = head.count >= Self.headerLength && number(26, 2) + number(28, 2) > Self.nameLimit
        } else {
            isOver = !head.starts(with: [0x50, 0x4B, 7, 8])
        }
    }

    private func takeWholeHeader(at now: Timestamp) {
        defer { head.removeAll(keepingCapacity: true) }
        guard head[2] == 3, head.count > Self.headerLength else {
            state = .header
            return
        }
        let (flags, method) = (number(6, 2), number(8, 2))
        let name = head[Self.headerLength...].prefix(number(26, 2)).wireText
        let hasLength = flags & 8 == 0
        let (packed, whole) = takeSizes()
        let settings = FileStream.ArchiveSettings(algorithms: algorithms, allowance: allowance, now: now)
        // Names of folders end with a slash.
        if !name.hasSuffix("/") {
            current = FileStream(inArchive: "ZIP", filename: name, isOriginator: isOriginator, settings)
            if hasLength { current?.totalByteCount = whole }
        }
        switch method {
        case 8 where flags & 1 == 0: state = .deflated(ContentInflater(isRaw: true, allowance))
        case 0 where flags & 1 == 0 && hasLength: advance(packed) { .stored(left: $0) }
        // A folder has no content.
        case 0 where current == nil && !hasLength: endFile()
        default:
            // Without a length there is no telling where the next file begins.
            if !hasLength { isOver = true }
            advance(packed) { .skipped(left: $0) }
        }
    }

    /// Bytes of the file as it is packed and as it is: what does not fit, or is not known to when the header is
    /// written, stands in an extra field (section 4.5.3), the unpacked size in front.
    private func takeSizes() -> (packed: UInt64, whole: UInt64) {
        var (packed, whole) = (UInt64(number(18, 4)), UInt64(number(22, 4)))
        isWide = false
        var offset = Self.headerLength + number(26, 2)
        while offset + 4 <= head.count {
            let field = (offset + 4)..<Swift.min(offset + 4 + number(offset + 2, 2), head.count)
            if number(offset, 2) == 1 {
                isWide = true
                let isLong = whole == Self.elsewhere
                if isLong { whole = wideNumber(field) ?? whole }
                // Behind the other size, where that is there.
                if packed == Self.elsewhere {
                    packed = wideNumber(isLong || field.count >= 16 ? field.dropFirst(8) : field) ?? packed
                }
                break
            }
            offset = field.upperBound
        }
        return (packed, whole)
    }

    /// A size in a header that says that the size is in the extra field.
    private static let elsewhere = UInt64(UInt32.max)

    /// The eight bytes that a field begins with.
    private func wideNumber(_ field: Range<Int>) -> UInt64? {
        guard field.count >= 8 else { return nil }
        return head[field].prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func number(_ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(head[offset + $1]) << ($1 * 8) }
    }

    /// The archive has ended: writes the records of its files.
    func finish(inside parent: String, into sink: inout RecordSink) {
        keepCurrent()
        for index in files.indices { files[index].finish(inside: parent, into: &sink) }
        files = []
    }
}
