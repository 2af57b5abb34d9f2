/// Requests of a connection that wait for their answers, found by what the answer names: bound as ``PendingQueue`` is.
struct PendingTable<Key: Hashable, Element: Weighed> {
    private(set) var elements: [Key: Element] = [:]
    /// What they weigh together.
    private(set) var weight = 0
    private let limits: PendingLimits

    init(limits: PendingLimits) { self.limits = limits }

    /// As ``ProtocolAnalyzer/heldBytes`` counts it.
    var heldBytes: Int { PendingLimits.counted(weight) }

    /// Whether there are too many or they are too much, so that room must be made before one more is added.
    var isFull: Bool { elements.count >= limits.count || weight > limits.weight }

    subscript(_ key: Key) -> Element? { elements[key] }

    /// Adds one; a key that is in use stands for its latest request.
    mutating func insert(_ element: Element, for key: Key) {
        weight += element.weight
        if let earlier = elements.updateValue(element, forKey: key) { weight -= earlier.weight }
    }

    mutating func remove(_ key: Key) -> Element? {
        guard let element = elements.removeValue(forKey: key) else { return nil }
        weight -= element.weight
        return element
    }

    mutating func removeAll() { (elements, weight) = ([:], 0) }
}

extension PendingTable: Sendable where Key: Sendable, Element: Sendable {}
