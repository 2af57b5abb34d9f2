/// Flows that hold something, in no order: looked through in turns for one that has to give it up.
struct HolderList {
    /// How many are looked at for one, and how many give up at once at most.
    static let turn = 64

    private(set) var numbers: [UInt32] = []
    /// Place that was looked at last.
    private var seen = 0

    /// How many are looked at next.
    var turnCount: Int { min(Self.turn, numbers.count) }

    /// Takes one in.
    /// - Returns: its place, for ``remove(at:)``.
    mutating func append(_ number: UInt32) -> Int32 {
        numbers.append(number)
        return Int32(numbers.count - 1)
    }

    /// Takes one out.
    /// - Returns: the flow that has its place from now on, if one has.
    mutating func remove(at place: Int32) -> UInt32? {
        let last = numbers.removeLast()
        guard Int(place) < numbers.count else { return nil }
        numbers[Int(place)] = last
        return last
    }

    /// The next one; there must be some.
    mutating func next() -> UInt32 {
        seen = seen + 1 < numbers.count ? seen + 1 : 0
        return numbers[seen]
    }
}
