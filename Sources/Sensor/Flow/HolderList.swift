/// Flows that hold something, in no order: looked through in turns for one that has to give it up.
struct HolderList {
    /// What the flows of a list hold; of each list, a flow knows its place (``FlowAnalysis/places``).
    enum Kind: Int { case analyzerBytes, segments }

    /// How many are looked at for one, and how many give up at once at most.
    static let turn = 64

    let kind: Kind
    private(set) var numbers: [UInt32] = []
    /// Place that was looked at last.
    private var seen = 0

    init(of kind: Kind) { self.kind = kind }

    /// How many are looked at next.
    var turnCount: Int { min(Self.turn, numbers.count) }

    @inline(__always)
    func contains(_ analysis: FlowAnalysis) -> Bool { analysis.places[kind.rawValue] >= 0 }

    /// Takes in a flow that is not here.
    mutating func insert(_ number: UInt32, _ analysis: FlowAnalysis) {
        analysis.places[kind.rawValue] = Int32(numbers.count)
        numbers.append(number)
    }

    /// Takes out a flow, if it is here; the last one gets its place.
    mutating func remove(_ analysis: FlowAnalysis, _ table: borrowing FlowTable, _ analyses: [FlowAnalysis?]) {
        guard contains(analysis) else { return }
        let place = analysis.places[kind.rawValue]
        analysis.places[kind.rawValue] = FlowAnalysis.noPlace
        let last = numbers.removeLast()
        guard Int(place) < numbers.count else { return }
        numbers[Int(place)] = last
        analyses[Int(table.flow(last).pointee.analysis)]?.places[kind.rawValue] = place
    }

    /// The next one; there must be some.
    mutating func next() -> UInt32 {
        seen = seen + 1 < numbers.count ? seen + 1 : 0
        return numbers[seen]
    }
}
