internal import Shared

/// What a client of PostgreSQL asks for: becomes a record when its answer is complete.
struct PostgreSQLAction: Sendable {
    /// Bytes of answers that records show.
    private static let answerLimit = 1024

    let time: Timestamp
    var frontend: StaticString?
    var query: String?
    var backend = ""
    var backendArgument = ""
    var success: Bool?
    /// Rows that came by now; nil of what has none.
    var rowCount: UInt64?
    /// Those that are told.
    var rows: UInt64?

    init(time: Timestamp, frontend: StaticString? = nil) { (self.time, self.frontend) = (time, frontend) }

    /// Bytes of its texts.
    var weight: Int { query.weight + backend.utf8.count + backendArgument.utf8.count }

    /// Whether an answer that repeats parts of the statement is told: not where that is hidden, nor where a password
    /// may be in it; a login's is about passwords, and has none.
    func mayRepeat(_ text: RawSpan) -> Bool {
        if frontend?.description == "startup" { return true }
        return !QueryText.isHidden(query) && !QueryText.mayHoldSecret(text)
    }

    mutating func add(backend name: String) {
        guard backend.utf8.count < Self.answerLimit else { return }
        backend += (backend.isEmpty ? "" : ",") + name
    }

    mutating func add(argument: String) {
        guard backendArgument.utf8.count < Self.answerLimit else { return }
        backendArgument += (backendArgument.isEmpty ? "" : ",") + argument
    }
}

/// What a client of PostgreSQL has asked for and the server is still to answer, which ends with ReadyForQuery: each
/// query, and what was sent up to each Sync. A client may send the next without waiting ("Extended Query",
/// "Pipelining").
struct PostgreSQLRequests: BytesHolding, Sendable {
    /// Requests that wait. Of more, nothing is told but what was asked.
    private static let limit = 64

    struct Request: Sendable {
        /// Nil when nothing of it is to be told, or it was told already.
        var action: PostgreSQLAction?
        let isQuery: Bool
    }

    private var waiting: [Request] = []
    /// Requests behind those that wait.
    private var excessCount = 0

    var heldBytes: Int {
        waiting.isEmpty ? 0 : PendingLimits.counted(waiting.reduce(0) { $0 + ($1.action?.weight ?? 0) + 64 })
    }

    /// No answer is due.
    var isEmpty: Bool { waiting.isEmpty && excessCount == 0 }
    /// What was asked last, while it waits.
    var last: PostgreSQLAction? { excessCount == 0 ? waiting.last?.action : nil }

    /// Adds what the client has asked for.
    /// - Returns: what cannot wait, and is to be told without its answer.
    mutating func append(_ action: PostgreSQLAction?, isQuery: Bool) -> PostgreSQLAction? {
        guard excessCount == 0, waiting.count < Self.limit else {
            excessCount += 1
            return action
        }
        waiting.append(Request(action: action, isQuery: isQuery))
        return nil
    }

    /// Changes what the server answers now; it is made when there is none.
    mutating func current(at now: Timestamp, _ change: (inout PostgreSQLAction) -> Void) {
        guard !waiting.isEmpty else { return }
        // Changed where it is: a copy would copy its texts with it.
        if waiting[0].action == nil { waiting[0].action = PostgreSQLAction(time: now) }
        change(&waiting[0].action!)
    }

    /// Takes out what the server has answered in part, and says no more of.
    mutating func takeCurrent() -> PostgreSQLAction? {
        guard !waiting.isEmpty else { return nil }
        defer { waiting[0].action = nil }
        return waiting[0].action
    }

    /// The server is ready for the next.
    mutating func ready() -> PostgreSQLAction? {
        guard !waiting.isEmpty else {
            excessCount = Swift.max(0, excessCount - 1)
            return nil
        }
        return waiting.removeFirst().action
    }

    /// The client's data for a table have ended, meanwhile the server passed over Sync ("COPY Operations"): what was
    /// sent up to it goes on.
    mutating func reopen() -> PostgreSQLAction? {
        guard excessCount == 0 else { return nil }
        while let last = waiting.last, !last.isQuery {
            waiting.removeLast()
            if let action = last.action { return action }
        }
        return nil
    }

    mutating func removeAll() -> [PostgreSQLAction] {
        defer { (waiting, excessCount) = ([], 0) }
        return waiting.compactMap { $0.action }
    }
}
