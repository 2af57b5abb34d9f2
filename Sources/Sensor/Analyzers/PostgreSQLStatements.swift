/// Prepared statements of a connection to PostgreSQL and their texts (PostgreSQL documentation, "Extended Query").
///
/// What the client says counts once the server has taken it: it refuses a name that stands for another statement, and
/// passes over all behind an error up to the next Sync.
struct PostgreSQLStatements: BytesHolding, Sendable {
    /// Statements whose texts are kept, and what each may take.
    private static let limit = 64
    private static let weight = 2 * QueryText.limit
    /// Changes that may wait for the server's answers, and bytes of their texts.
    private static let waitingLimit = 256
    private static let waitingWeight = 64 << 10

    /// What the client has sent and the server has not answered.
    private enum Change: Sendable {
        case prepare(name: String, text: String?)
        /// Without a name, of a portal.
        case close(name: String?)
        /// The server answers that it is ready.
        case end(ofQuery: Bool)
    }

    /// By their names, the oldest first.
    private var texts: [String: String] = [:]
    private var names: [String] = []
    private var changes: [Change] = []
    private var changesWeight = 0
    /// The server takes data for a table, and nothing else.
    private var isCopying = false
    /// Which answer belongs to what is not known any more.
    private var isLost = false

    var heldBytes: Int { texts.count * Self.weight + changesWeight + changes.count * MemoryLayout<Change>.size }

    /// The text of a statement that is executed now; nil when there is none, or it may be one of several.
    func text(of name: String) -> String? {
        var text = texts[name]
        var isSure = true, mayBeFree = false
        let group = changes.lastIndex { if case .end = $0 { true } else { false } } ?? -1
        for (index, change) in changes.enumerated() {
            switch change {
            case .prepare(name, let next):
                // Of what was sent together, all is executed or nothing.
                if index > group || isSure && text == nil {
                    (text, isSure) = (next, true)
                } else if name.isEmpty || mayBeFree {
                    isSure = isSure && text == next
                }
            case .close(name):
                mayBeFree = true
                if index > group { (text, isSure) = (nil, true) }
            case .end(let isQuery): mayBeFree = mayBeFree || isQuery
            default: break
            }
        }
        return isSure ? text : nil
    }

    // MARK: the client

    mutating func prepare(_ name: String, text: String?) {
        guard !isLost else { return }
        let isKept = changesWeight + (text?.utf8.count ?? 0) <= Self.waitingWeight
        changesWeight += isKept ? text?.utf8.count ?? 0 : 0
        append(.prepare(name: name, text: isKept ? text : nil))
    }

    /// - Parameter name: nil of a portal.
    mutating func close(_ name: String?) { append(.close(name: name)) }

    /// The client has sent what the server answers with that it is ready: a startup, a query or Sync.
    mutating func end(ofQuery isQuery: Bool = false) { append(.end(ofQuery: isQuery)) }

    /// The client's data are at their end; meanwhile the server has passed over Sync ("COPY Operations").
    mutating func endCopy() {
        let others = changes.filter { if case .end(false) = $0 { false } else { true } }
        guard others.count < changes.count else { return }
        // Whether it has is not known when nobody was asked for data, and nor is what else it refused.
        if !isCopying || others.contains(where: { if case .end = $0 { false } else { true } }) { return lose() }
        changes = others
    }

    private mutating func append(_ change: Change) {
        guard !isLost else { return }
        changes.append(change)
        if changes.count > Self.waitingLimit { lose() }
    }

    /// From here on, statements are told by their names: a wrong text would be worse.
    mutating func lose() {
        self = PostgreSQLStatements()
        isLost = true
    }

    // MARK: the server

    /// ParseComplete, or CloseComplete.
    mutating func take(prepared isPrepared: Bool) {
        guard !isLost else { return }
        guard let change = changes.first else { return lose() }
        switch change {
        case .prepare(let name, let text) where isPrepared:
            forget(name)
            keep(name, text)
        case .close(let name) where !isPrepared: name.map { forget($0) }
        default: return lose()
        }
        removeFirst()
    }

    /// ReadyForQuery: what was not taken up to here never will be.
    mutating func ready() {
        isCopying = false
        while let change = changes.first {
            removeFirst()
            switch change {
            // One without a name makes room for the next, whatever becomes of it, and for a query.
            case .prepare("", _): forget("")
            case .end(let isQuery):
                if isQuery { forget("") }
                return
            default: break
            }
        }
    }

    mutating func beginCopy() { isCopying = true }

    /// A command has freed names, or all of them (DEALLOCATE, DISCARD ALL).
    mutating func forgetAll() { (texts, names) = ([:], []) }

    /// Keeps the text of a statement; the oldest makes room for it.
    private mutating func keep(_ name: String, _ text: String?) {
        guard let text else { return }
        if names.count >= Self.limit, let oldest = names.first { forget(oldest) }
        texts[name] = text
        names.append(name)
    }

    private mutating func forget(_ name: String) {
        guard texts.removeValue(forKey: name) != nil else { return }
        names.removeAll { $0 == name }
    }

    private mutating func removeFirst() {
        if case .prepare(_, let text?) = changes.removeFirst() { changesWeight -= text.utf8.count }
    }
}
