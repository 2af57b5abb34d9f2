internal import Shared

/// One line, taken apart but not yet in a batch: numbers decoded, texts as ranges of the line or of `scratch`.
///
/// Kept between the reading of a line and its turn in the merge; reused for every line, so that it allocates nothing.
struct ParsedRow {
    enum Content: UInt8 { case number, double, text, textList, numberList }

    struct Value {
        var position: Int32
        var content: Content
        var isAddress = false
        /// The text lies in ``scratch``, not in the line.
        var inScratch = false
        /// Bits of a number; start of a text; number of elements of a list, which follow as values of their own.
        var bits: UInt64
        /// Bytes of a text.
        var length = 0
    }

    var values: [Value] = []
    var scratch: [UInt8] = []
    /// Nanoseconds, nil until found.
    var ts: Int64?
    var duration: Int64 = 0
    /// A value of this line that could not be read, the first one.
    var badField: (position: Int, reason: String)?
    var badValues = 0

    mutating func reset() {
        values.removeAll(keepingCapacity: true)
        scratch.removeAll(keepingCapacity: true)
        (ts, duration, badField, badValues) = (nil, 0, nil, 0)
    }

    mutating func fail(_ slot: FieldSlot, _ reason: @autoclosure () -> String) {
        badValues += 1
        if badField == nil { badField = (slot.position, reason()) }
    }

    mutating func add(_ slot: FieldSlot, number: UInt64) {
        if slot.isTime {
            ts = Int64(bitPattern: number)
        } else if slot.isDuration {
            duration = Int64(bitPattern: number)
        }
        values.append(Value(position: slot.position32, content: .number, bits: number))
    }

    mutating func add(_ slot: FieldSlot, double: Double) {
        values.append(Value(position: slot.position32, content: .double, bits: double.bitPattern))
    }

    mutating func add(_ slot: FieldSlot, text start: Int, length: Int, inScratch: Bool) {
        values.append(
            Value(
                position: slot.position32, content: .text, isAddress: slot.type == .address, inScratch: inScratch,
                bits: UInt64(start), length: length))
    }

    /// Begins a list of `count` elements, which follow by ``add(_:text:length:inScratch:)`` or
    /// ``add(_:number:)``; ``closeList(at:slot:)`` corrects the count.
    mutating func openList(_ slot: FieldSlot) -> Int {
        let content: Content = slot.type == .strings ? .textList : .numberList
        values.append(Value(position: slot.position32, content: content, bits: 0))
        return values.count - 1
    }

    mutating func closeList(at index: Int) { values[index].bits = UInt64(values.count - 1 - index) }

    /// Forgets what was added from `index` on.
    mutating func drop(from index: Int) { values.removeLast(values.count - index) }
}
