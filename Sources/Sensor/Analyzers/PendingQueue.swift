/// What waits for the other half of an exchange, and how much memory that takes.
protocol Weighed {
    /// Bytes of the texts and lists that it keeps, about.
    var weight: Int { get }
}

/// How many requests of one connection may wait, and what they may weigh together; the youngest alone may weigh more.
struct PendingLimits: Sendable {
    var count: Int
    /// Bytes.
    var weight = 256 << 10

    /// What a connection may hold without being asked: a request or two. The number of connections bounds it, and
    /// giving up their analysis would not be worth it.
    private static let usual = 4096

    static func counted(_ weight: Int) -> Int { weight > usual ? weight : 0 }
}

/// Requests of a connection that wait for their answers, oldest first.
///
/// Bound twice: by how many a protocol may have open, and by what they weigh together, for a name may be a few bytes
/// and a target some sixty thousand. Whoever adds one more takes out what is too much with ``removeExcess()``.
struct PendingQueue<Element: Weighed> {
    private(set) var elements: [Element] = []
    /// What they weigh together.
    private(set) var weight = 0
    private let limits: PendingLimits

    init(limits: PendingLimits) { self.limits = limits }

    var isEmpty: Bool { elements.isEmpty }
    var count: Int { elements.count }
    /// As ``ProtocolAnalyzer/heldBytes`` counts it.
    var heldBytes: Int { PendingLimits.counted(weight) }

    subscript(_ index: Int) -> Element { elements[index] }

    func firstIndex(where isChosen: (Element) -> Bool) -> Int? { elements.firstIndex(where: isChosen) }

    mutating func append(_ element: Element) {
        weight += element.weight
        elements.append(element)
    }

    /// Takes out the oldest while there are too many or they are too much; nil when neither is so.
    mutating func removeExcess() -> Element? {
        guard elements.count > limits.count || weight > limits.weight && elements.count > 1 else { return nil }
        return remove(at: 0)
    }

    mutating func remove(at index: Int) -> Element {
        let element = elements.remove(at: index)
        weight -= element.weight
        return element
    }

    /// Takes out all of them, oldest first.
    mutating func removeAll() -> [Element] {
        defer { (elements, weight) = ([], 0) }
        return elements
    }

    /// Changes one in its place.
    mutating func update(_ index: Int, _ change: (inout Element) -> Void) {
        weight -= elements[index].weight
        change(&elements[index])
        weight += elements[index].weight
    }
}

extension PendingQueue: Sendable where Element: Sendable {}

extension String? {
    /// Bytes of a text, 0 where there is none.
    var weight: Int { self?.utf8.count ?? 0 }
}

extension [String] {
    /// Bytes of the texts, and of the list itself.
    var weight: Int { reduce(0) { $0 + $1.utf8.count + MemoryLayout<String>.size } }
}
