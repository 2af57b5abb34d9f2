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

    /// The server has done it, though it may not be ready yet.
    mutating func succeed() { end(succeeded: true, isPassedOver: false) }

    /// - Parameter isPassedOver: the server has not looked at it, behind an error.
    mutating func end(succeeded: Bool, isPassedOver: Bool) {
        if success == nil { success = succeeded }
        rows = isPassedOver ? nil : rowCount
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
