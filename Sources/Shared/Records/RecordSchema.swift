/// A kind of record: its name and, as stored properties, its fields.
///
/// A kind is one file in `Records/Kinds` and one line in ``Records/all``. The wire format, the search table, the JSON
/// and TSV writers, the importer, the console and docs/records.md all derive from it.
public protocol RecordSchema: Sendable {
    /// Zeek's name of the log (`conn`, `dns`, ...), also the name of the table.
    static var name: String { get }
    /// What one record is.
    static var meaning: String { get }
    init()
}

/// A kind of record that belongs to one connection and begins with Zeek's six head fields.
public protocol ConnectionRecordSchema: RecordSchema {
    var ts: NumberField<Timestamp> { get }
    var uid: TextField { get }
    var origH: TextField { get }
    var origP: NumberField<UInt16> { get }
    var respH: TextField { get }
    var respP: NumberField<UInt16> { get }
}

/// A kind of record as data: what generic code needs of a ``RecordSchema``.
public struct RecordKind: Sendable {
    /// Position in ``Records/all``; valid in this process only. The wire uses ``name``.
    public let index: Int
    public let name: String
    public let meaning: String
    /// In the order of their positions.
    public let fields: [any AnyField]
    private let positions: [String: Int]

    init(index: Int, schema: any RecordSchema) {
        self.index = index
        name = type(of: schema).name
        meaning = type(of: schema).meaning
        fields = Mirror(reflecting: schema).children.compactMap { $0.value as? any AnyField }
            .sorted { $0.position < $1.position }
        positions = Dictionary(fields.map { ($0.name, $0.position) }, uniquingKeysWith: { first, _ in first })
        precondition(
            fields.map(\.position) == Array(0..<fields.count),
            "positions of the fields of \(name) are not 0, 1, 2, ...")
    }

    public func position(ofField name: String) -> Int? { positions[name] }
}

extension RecordSchema {
    /// The kind's entry in the registry, found once per type.
    public static var kind: RecordKind { Records.kinds[Records.index(of: Self.self)] }
}
