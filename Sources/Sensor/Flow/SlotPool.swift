/// Values that only some flows need, in one array with places that are used again.
struct SlotPool<Element> {
    private var elements: [Element] = []
    private var free: [Int32] = []

    /// The place of a new value.
    mutating func take(_ element: Element) -> Int32 {
        if let slot = free.popLast() {
            elements[Int(slot)] = element
            return slot
        }
        elements.append(element)
        return Int32(truncatingIfNeeded: elements.count - 1)
    }

    /// Gives a place back; nothing happens for -1, which stands for none.
    mutating func release(_ slot: Int32) {
        if slot >= 0 { free.append(slot) }
    }

    /// - Parameter slot: from ``take(_:)``.
    subscript(slot: Int32) -> Element {
        @inline(__always) get { elements[Int(slot)] }
        @inline(__always) _modify { yield &elements[Int(slot)] }
    }
}
