/// Records that travel together: one table per kind and one dictionary of texts.
///
/// Writing a record: ``begin(_:)``, any number of `set`, ``end()``.
public struct RecordBatch: Sendable {
    public private(set) var strings = StringTable()
    /// One per kind of record that occurs, in order of first use.
    public private(set) var tables: [RecordTable] = []
    /// Promise of the source: no later batch of it holds a record observed before this moment.
    public var watermark = Timestamp.distantPast
    /// Kind index to position in ``tables``, -1 where the kind has none yet.
    private var slots = [Int](repeating: -1, count: Records.kinds.count)
    private var current = 0
    /// A text was set that is as long as texts from the wire may be (``WireText/limit``), so that most likely it was
    /// cut; or the writer of the record had to leave texts out. Who tells of it sets this back.
    public var hasCutTexts = false
    /// Elements of all lists that were written.
    public private(set) var elementCount = 0

    public init() {}

    public init(strings: StringTable, tables: [RecordTable], watermark: Timestamp) {
        self.strings = strings
        self.tables = tables
        self.watermark = watermark
        for (position, table) in tables.enumerated() { slots[table.kindIndex] = position }
    }

    public var recordCount: Int { tables.reduce(0) { $0 + $1.rowCount } }
    public var isEmpty: Bool { tables.isEmpty }

    /// The table of a kind, nil when the batch has no record of it.
    public func table(_ kind: RecordKind) -> RecordTable? { slots[kind.index] < 0 ? nil : tables[slots[kind.index]] }

    /// Begins a record.
    public mutating func begin(_ kind: RecordKind) { begin(kindIndex: kind.index) }

    /// Begins a record of this kind.
    public mutating func begin<Schema: RecordSchema>(_ schema: Schema.Type) {
        begin(kindIndex: Records.index(of: schema))
    }

    public mutating func begin(kindIndex: Int) {
        if slots[kindIndex] < 0 {
            slots[kindIndex] = tables.count
            tables.append(RecordTable(kindIndex: kindIndex))
        }
        current = slots[kindIndex]
    }

    /// The kind of the record begun last.
    public var currentKind: RecordKind { tables[current].kind }

    /// Ends the record begun last.
    public mutating func end() { tables[current].endRow() }

    // Of the field, only its position is looked at: inlined, so that nothing else of it is copied.
    @inlinable public mutating func set<Value>(_ field: NumberField<Value>, _ value: Value?) {
        if let value { set(position: field.position, number: value.columnBits) }
    }
    @inlinable public mutating func set(_ field: DoubleField, _ value: Double?) {
        if let value { set(position: field.position, double: value) }
    }
    @inlinable public mutating func set(_ field: TextField, _ value: String?) {
        if let value { set(position: field.position, text: value) }
    }
    @inlinable public mutating func set(_ field: TextField, name: StaticString) {
        set(position: field.position, stringIndex: intern(name))
    }
    @inlinable public mutating func set<Value: SpelledValue>(_ field: TextField, _ value: Value?) {
        if let value { set(position: field.position, stringIndex: intern(value)) }
    }
    @inlinable public mutating func set(_ field: TextListField, _ values: [String]?) {
        if let values { set(position: field.position, texts: values) }
    }
    @inlinable public mutating func set(_ field: TextListField, names: some Collection<StaticString>) {
        // One is the usual case, and needs no array of numbers.
        if names.count == 1, let name = names.first {
            return set(position: field.position, stringIndices: CollectionOfOne(intern(name)))
        }
        set(position: field.position, stringIndices: names.map { intern($0) })
    }
    @inlinable public mutating func set<Value: SpelledValue>(_ field: TextListField, of value: Value) {
        set(position: field.position, stringIndices: CollectionOfOne(intern(value)))
    }
    @inlinable public mutating func set(_ field: NumberListField, _ values: [UInt64]?) {
        if let values { set(position: field.position, numbers: values) }
    }

    /// Sets by position; for importers that work from the list of fields.
    public mutating func set(position: Int, number: UInt64) { tables[current].set(position, number: number) }
    public mutating func set(position: Int, double: Double) { tables[current].set(position, double: double) }
    public mutating func set(position: Int, text: String) {
        note(text)
        tables[current].set(position, string: strings.intern(text))
    }
    public mutating func set(position: Int, texts: [String]) {
        for text in texts { note(text) }
        if texts.count == 1 { return set(position: position, stringIndices: CollectionOfOne(intern(texts[0]))) }
        set(position: position, stringIndices: texts.map { strings.intern($0) })
    }
    public mutating func set(position: Int, numbers: [UInt64]) {
        elementCount += numbers.count
        tables[current].set(position, numberList: numbers)
    }

    @inline(__always)
    private mutating func note(_ text: String) {
        if text.utf8.count >= WireText.limit { hasCutTexts = true }
    }

    /// The dictionary number of `text`; for importers that keep their own lookup from bytes to numbers.
    public mutating func intern(_ text: String) -> UInt32 { strings.intern(text) }
    public mutating func intern(_ text: StaticString) -> UInt32 { strings.intern(text) }
    public mutating func intern(_ value: IPAddress) -> UInt32 { strings.intern(value) }
    public mutating func intern(_ value: MACAddress) -> UInt32 { strings.intern(value) }
    public mutating func intern(_ value: some SpelledValue) -> UInt32 { strings.intern(value) }
    /// As ``StringTable/append(distinct:)``.
    public mutating func append(distinct text: String) -> UInt32 { strings.append(distinct: text) }
    /// - Parameter stringIndex: from ``intern(_:)`` or ``append(distinct:)`` of this batch.
    public mutating func set(position: Int, stringIndex: UInt32) { tables[current].set(position, string: stringIndex) }
    mutating func replace(column position: Int, ofTable table: Int, by column: Column) {
        tables[table].replace(column: position, by: column)
    }
    public mutating func set(position: Int, stringIndices: [UInt32]) { set(position, stringIndices) }
    public mutating func set(position: Int, stringIndices: CollectionOfOne<UInt32>) { set(position, stringIndices) }

    private mutating func set(_ position: Int, _ stringIndices: some Collection<UInt32>) {
        elementCount += stringIndices.count
        tables[current].set(position, stringList: stringIndices)
    }
}
