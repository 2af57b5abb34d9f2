import Shared

/// What a SYN tells of the system that sent it: hop limit, window, options of TCP and their order (RFC 9293 §3.2).
///
/// The order of options is the stack's own and survives routers, and nearly all proxies and firewalls.
struct SYNFacts: Equatable {
    /// Options looked at; the header has room for 40 bytes of them.
    private static let maximumOptions = 8

    private enum Option: UInt8 {
        case none, end, noOperation, segmentSize, windowScale, sackPermitted, timestamps, fastOpen, other

        init(kind: UInt8) {
            switch kind {
            case 0: self = .end
            case 1: self = .noOperation
            case 2: self = .segmentSize
            case 3: self = .windowScale
            case 4: self = .sackPermitted
            case 8: self = .timestamps
            case 34: self = .fastOpen
            default: self = .other
            }
        }

        var letter: UInt8 {
            switch self {
            case .none: 0x2D
            case .end: 0x45
            case .noOperation: 0x4E
            case .segmentSize: 0x4D
            case .windowScale: 0x57
            case .sackPermitted: 0x53
            case .timestamps: 0x54
            case .fastOpen: 0x46
            case .other: 0x3F
            }
        }
    }

    /// Four bits an option, the first in the lowest.
    private var options: UInt32 = 0
    private var window: UInt16 = 0
    /// Largest segment; 0 when it does not tell.
    private var segmentSize: UInt16 = 0
    private var hopLimit: UInt8 = 0
    /// Shift of the window; 0xFF when it does not tell.
    private var windowScale: UInt8 = 0xFF
    private var marks: UInt8 = 0

    private static let known: UInt8 = 1
    private static let mayNotFragment: UInt8 = 2
    private static let explicitCongestion: UInt8 = 4
    private static let carriesData: UInt8 = 8

    init() {}

    init(_ bytes: RawSpan, _ packet: DecodedPacket) {
        hopLimit = packet.hopLimit
        window = packet.window
        marks = Self.known
        if packet.mayNotFragment { marks |= Self.mayNotFragment }
        if packet.flags.rawValue & 0xC0 == 0xC0 { marks |= Self.explicitCongestion }
        if packet.dataLength > 0 { marks |= Self.carriesData }
        try? read(bytes, from: packet.payloadOffset + 20, to: packet.dataOffset)
    }

    /// Whether a SYN was seen.
    var isKnown: Bool { marks != 0 }

    private mutating func read(_ bytes: RawSpan, from start: Int, to end: Int) throws(DecodeError) {
        var offset = start
        for index in 0..<Self.maximumOptions where offset < end {
            let kind = try bytes.byte(at: offset)
            let option = Option(kind: kind)
            options |= UInt32(option.rawValue) << UInt32(index * 4)
            if option == .end { return }
            if option == .noOperation {
                offset += 1
                continue
            }
            let length = Int(try bytes.byte(at: offset + 1))
            guard length >= 2, offset + length <= end else { return }
            if option == .segmentSize, length == 4 { segmentSize = try bytes.readBE(at: offset + 2) }
            if option == .windowScale, length == 3 { windowScale = try bytes.byte(at: offset + 2) }
            offset += length
        }
    }

    /// Letters of options in ``options``, the first in the lowest four bits.
    private static func order(_ letters: StaticString) -> UInt32 {
        letters.withUTF8Buffer { letters in
            var order: UInt32 = 0
            for (index, letter) in letters.enumerated() {
                for raw in UInt8(1)...8 where Option(rawValue: raw)?.letter == letter {
                    order |= UInt32(raw) << UInt32(index * 4)
                }
            }
            return order
        }
    }

    private static let windows = [order("MNWNNS"), order("MNNS"), order("MNWNNTNNS"), order("MNWST")]
    private static let linux = [order("MSTNW"), order("MNNTNWS"), order("MNNSNW")]
    private static let apple = [order("MNWNNTSE"), order("MNWNNTES")]
    private static let bsd = [order("MNWST"), order("MNNSNWNN")]
    private static let scanner = [order(""), order("M")]

    /// The family of systems that sends SYNs like this one, nil when none does or several do.
    var family: StaticString? {
        guard isKnown else { return nil }
        if Self.scanner.contains(options), windowScale == 0xFF, window <= 4096 || options == 0 { return "scanner" }
        if hopLimit > 64, hopLimit <= 128 { return Self.windows.contains(options) ? "windows" : nil }
        guard hopLimit <= 64 else { return nil }
        if Self.linux.contains(options) { return "linux" }
        if Self.apple.contains(options) { return "apple" }
        return Self.bsd.contains(options) ? "bsd" : nil
    }
}

/// Spelled `64:64240:1460:7:MSTNW:D`: hop limit, window, segment size, window shift, options in order, marks.
///
/// Options: M segment size, S selective acknowledgement, T time stamps, W window shift, N padding, E end, F fast open,
/// `?` another. Marks: D must not be fragmented, E congestion is told, P carries payload. What is not told is `-`.
extension SYNFacts: SpelledValue {
    static var spelling: Spelling { .system }

    var spellingKey: (high: UInt64, low: UInt64) {
        (
            UInt64(options) << 32 | UInt64(window) << 16 | UInt64(segmentSize),
            UInt64(hopLimit) << 16 | UInt64(windowScale) << 8 | UInt64(marks)
        )
    }

    func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var text = "\(hopLimit):\(window):"
        text += segmentSize == 0 ? "-:" : "\(segmentSize):"
        text += windowScale == 0xFF ? "-:" : "\(windowScale):"
        for index in 0..<Self.maximumOptions {
            let raw = UInt8(truncatingIfNeeded: options >> UInt32(index * 4)) & 15
            guard raw != 0, let option = Option(rawValue: raw) else { break }
            text.unicodeScalars.append(Unicode.Scalar(option.letter))
        }
        text += ":"
        if marks & Self.mayNotFragment != 0 { text += "D" }
        if marks & Self.explicitCongestion != 0 { text += "E" }
        if marks & Self.carriesData != 0 { text += "P" }
        return text.withUTF8 { utf8 in
            buffer.copyMemory(from: UnsafeRawBufferPointer(utf8))
            return utf8.count
        }
    }
}
