/// Zeek's `history`: a letter an event, upper case from the originator. Kept in place, without allocation.
struct FlowHistory {
    /// The events, by Zeek's letters.
    enum Event: UInt8 {
        case syn, synAck, ack, data, fin, reset, multiple, inconsistent
        // Those above are noted once for each side, those below at powers of ten.
        case retransmission, zeroWindow, gap
        /// The ends were exchanged; no side's own.
        case flip

        /// In ``FlowEndpoint/noted``, of the events that are noted once. An end sends either a SYN or a SYN-ACK.
        var bit: UInt8 { self == .synAck ? 1 : 1 &<< rawValue }
        fileprivate static let letters: StaticString = "SHADFRQITWG^"
    }

    /// Sixteen letters that come once a side, `^`, and the repeating ones at powers of ten.
    private static let capacity = 36
    private static let lettersPerWord = 6
    /// Set in the five bits of an event when it is the responder's.
    private static let responder: UInt32 = 16
    /// Events of five bits, the first in the lowest of the first word.
    private var words = [6 of UInt32](repeating: 0)
    private var used: UInt8 = 0
    var count: Int { Int(used) }

    /// Notes an event that is no side's own.
    mutating func append(_ event: Event) { append(UInt32(event.rawValue)) }

    @inline(__always)
    mutating func append(_ event: Event, _ side: Side) {
        append(UInt32(event.rawValue) | (side == .originator ? 0 : Self.responder))
    }

    private mutating func append(_ code: UInt32) {
        guard count < Self.capacity else { return }
        let (word, place) = count.quotientAndRemainder(dividingBy: Self.lettersPerWord)
        words[word] |= code << UInt32(5 * place)
        used += 1
    }

    private func code(at index: Int) -> UInt32 {
        let (word, place) = index.quotientAndRemainder(dividingBy: Self.lettersPerWord)
        return words[word] >> UInt32(5 * place) & 31
    }

    @inline(__always)
    mutating func note(_ event: Event, _ side: Side, _ endpoint: inout FlowEndpoint) {
        guard endpoint.noted & event.bit == 0 else { return }
        endpoint.noted |= event.bit
        append(event, side)
    }

    /// Notes a control segment.
    /// - Parameter isAgain: it has the number of the one before; such a one is a retransmission and not noted.
    @inline(__always)
    mutating func noteControl(_ event: Event, _ side: Side, _ endpoint: inout FlowEndpoint, isAgain: Bool) {
        let isRepeatable = event == .syn || event == .synAck || event == .fin || event == .reset
        if endpoint.noted & event.bit != 0, isAgain || !isRepeatable { return }
        endpoint.noted |= event.bit
        append(event, side)
    }

    /// Notes an event that repeats: the first, the tenth, the hundredth, ... time.
    mutating func noteRepeated<Count: FixedWidthInteger>(_ event: Event, _ side: Side, times: inout Count) {
        guard times < Count.max else { return }
        times += 1
        // Of its own type: a bare `.max` would be that of Int, as numbers of all types compare.
        let largestScale = Count.max / 10
        var scale: Count = 1
        while scale < times, scale <= largestScale { scale *= 10 }
        guard times == scale else { return }
        append(event, side)
    }

    /// Whether the originator sent a SYN, and a RST before anything that goes on with it: Zeek's pattern for `RSTOS0`,
    /// `^?S[^HAFGIQ]*R`.
    var isAttemptTakenBack: Bool {
        let start: Int = count > 0 && code(at: 0) == UInt32(Event.flip.rawValue) ? 1 : 0
        guard count > start, code(at: start) == UInt32(Event.syn.rawValue) else { return false }
        for index in start..<count where code(at: index) < Self.responder {
            switch Event(rawValue: UInt8(code(at: index))) {
            case .reset: return true
            case .synAck, .ack, .fin, .gap, .inconsistent, .multiple: return false
            default: continue
            }
        }
        return false
    }

    /// Makes every event the other side's, and notes first of all that they were exchanged.
    mutating func flip() {
        let before = self
        self = FlowHistory()
        append(.flip)
        for index in 0..<before.count {
            let code = before.code(at: index)
            append(code == UInt32(Event.flip.rawValue) ? code : code ^ Self.responder)
        }
    }

    var text: String {
        String(unsafeUninitializedCapacity: count) { buffer in
            Event.letters.withUTF8Buffer { letters in
                for index in 0..<count {
                    let code = code(at: index)
                    let letter = letters[Int(code & ~Self.responder)]
                    buffer[index] = code & Self.responder == 0 ? letter : letter | 0x20
                }
            }
            return count
        }
    }
}
