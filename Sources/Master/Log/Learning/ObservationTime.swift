import Shared

/// When records of a table were observed: a connection at its end, everything else at its own time.
struct ObservationTime {
    private let timePosition: Int
    private let durationPosition: Int?

    init(_ kind: RecordKind) {
        timePosition = kind.position(ofField: "ts") ?? 0
        durationPosition = kind.name == ConnRecord.name ? kind.position(ofField: "duration") : nil
    }

    /// Nil where the record tells no time; then only its batch's promise dates it.
    func callAsFunction(_ table: RecordTable, _ row: Int) -> Timestamp? {
        guard table.columns[timePosition].isPresent(row) else { return nil }
        let time = Timestamp(columnBits: table.columns[timePosition].numbers[row])
        guard let durationPosition, table.columns[durationPosition].isPresent(row) else { return time }
        return time + Interval(columnBits: table.columns[durationPosition].numbers[row])
    }

    /// By the kind's index.
    static let ofKinds = Records.kinds.map(ObservationTime.init)
}
