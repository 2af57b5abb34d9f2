internal import Shared

/// What a client of PostgreSQL has asked for and the server is still to answer.
///
/// An answer ends with ReadyForQuery and is to a group: a query, or all that was sent up to a Sync ("Extended Query").
/// A client may send the next group without waiting ("Pipelining"), and several statements in one, each of which is a
/// step: the server answers every Parse, Bind and Execute of it in turn, and passes over all behind an error.
struct PostgreSQLRequests: BytesHolding, Sendable {
    /// Groups that wait, and actions in them. Of more, nothing is told but what was asked.
    private static let limit = 64

    private struct Step: Sendable {
        /// Nil when nothing of it is to be told, or it was told already.
        var action: PostgreSQLAction?
        /// Messages that the server is still to answer.
        var pendingCount = 0
    }

    private struct Group: Sendable {
        var steps: [Step] = []
        var isQuery = false
        /// The client may add to it.
        var isOpen = true
        var hasFailed = false

        /// Whether nothing is to be told of a step, nor of the one before it.
        func joins(_ step: Int) -> Bool {
            step > 0 && step < steps.count && steps[step].action == nil && steps[step - 1].action == nil
        }
    }

    private var groups: [Group] = []
    private var actionCount = 0
    /// Groups behind those that wait.
    private var excessCount = 0

    var heldBytes: Int {
        groups.isEmpty
            ? 0
            : PendingLimits.counted(
                groups.reduce(0) { $0 + $1.steps.reduce(64) { $0 + ($1.action?.weight ?? 0) + 64 } })
    }

    /// No answer is due, and nothing is being asked.
    var isEmpty: Bool { groups.isEmpty && excessCount == 0 }

    // MARK: the client

    /// Adds a step to what the client is asking for.
    /// - Returns: what cannot wait, and is to be told without its answer.
    mutating func begin(_ action: PostgreSQLAction) -> PostgreSQLAction? {
        guard open() else { return action }
        groups[last].steps.append(Step(action: action))
        actionCount += 1
        return actionCount > Self.limit ? takeOldest() : nil
    }

    /// Adds a step of which nothing is to be told.
    mutating func beginUntold() {
        guard open(), groups[last].steps.last?.action != nil || groups[last].steps.isEmpty else { return }
        groups[last].steps.append(Step())
    }

    /// A message of the last step, which the server answers.
    mutating func expect() {
        guard open() else { return }
        if groups[last].steps.isEmpty { groups[last].steps.append(Step()) }
        groups[last].steps[groups[last].steps.count - 1].pendingCount += 1
    }

    /// The client has sent all that the server answers before it is ready again.
    mutating func end(isQuery: Bool) {
        guard open() else {
            excessCount += 1
            return
        }
        (groups[last].isQuery, groups[last].isOpen) = (isQuery, false)
    }

    /// The client's data for a table have ended, meanwhile the server passed over Sync ("COPY Operations"): what was
    /// sent up to it goes on.
    mutating func reopen() {
        guard excessCount == 0, groups.last?.isOpen != true else { return }
        while let group = groups.last, !group.isQuery {
            if !group.steps.isEmpty { return groups[last].isOpen = true }
            groups.removeLast()
        }
    }

    /// The group that the client adds to, once ``open()`` was asked.
    private var last: Int { groups.count - 1 }

    /// Whether a step can be added; begins a group when there is none to add to.
    private mutating func open() -> Bool {
        if excessCount == 0, groups.last?.isOpen == true { return true }
        guard excessCount == 0, groups.count < Self.limit else { return false }
        groups.append(Group())
        return true
    }

    /// The oldest makes room; its answers are still counted, with those of its neighbours of which nothing is told: the
    /// steps of a group are no more than twice its actions.
    private mutating func takeOldest() -> PostgreSQLAction? {
        for group in groups.indices {
            guard let step = groups[group].steps.firstIndex(where: { $0.action != nil }) else { continue }
            actionCount -= 1
            let oldest = groups[group].steps[step].action
            groups[group].steps[step].action = nil
            for untold in [step + 1, step] where groups[group].joins(untold) {
                let answers = groups[group].steps.remove(at: untold).pendingCount
                groups[group].steps[untold - 1].pendingCount += answers
            }
            return oldest
        }
        return nil
    }

    // MARK: the server

    /// A message was answered: ParseComplete, BindComplete, and what ends an Execute.
    mutating func answer() {
        guard let step = currentStep, groups[0].steps[step].pendingCount > 0 else { return }
        groups[0].steps[step].pendingCount -= 1
        // The last may go on, and its end is told by what the server says when it is ready.
        guard groups[0].steps[step].pendingCount == 0, step + 1 < groups[0].steps.count else { return }
        groups[0].steps[step].action?.succeed()
    }

    /// Changes what the server answers now. What was not seen to be asked is made, and where `isTold`, what is not to
    /// be told.
    mutating func current(at now: Timestamp, isTold: Bool = true, _ change: (inout PostgreSQLAction) -> Void) {
        guard !groups.isEmpty || excessCount == 0 && open() else { return }
        let isUnseen = groups[0].steps.isEmpty
        if isUnseen { groups[0].steps.append(Step()) }
        let step = currentStep ?? 0
        // Changed where it is: a copy would copy its texts with it.
        if groups[0].steps[step].action == nil {
            guard isTold || isUnseen else { return }
            groups[0].steps[step].action = PostgreSQLAction(time: now)
            actionCount += 1
        }
        change(&groups[0].steps[step].action!)
    }

    /// What is answered now has failed: takes it out, and what was done before it. What stands behind it is not done.
    mutating func takeFailed() -> [PostgreSQLAction] {
        guard let step = currentStep else { return [] }
        groups[0].steps[step].action?.success = false
        groups[0].hasFailed = true
        let told = groups[0].steps[...step].compactMap { $0.action }
        groups[0].steps.removeSubrange(...step)
        actionCount -= told.count
        return told
    }

    /// The server is ready for the next.
    /// - Parameter isHealthy: whether it is not in a failed transaction, which tells how the last statement ended.
    mutating func ready(isHealthy: Bool) -> [PostgreSQLAction] {
        guard !groups.isEmpty else {
            excessCount = Swift.max(0, excessCount - 1)
            return []
        }
        let group = groups.removeFirst()
        var told = group.steps.compactMap { $0.action }
        actionCount -= told.count
        for index in told.indices {
            let isLast = index == told.count - 1
            told[index].end(succeeded: !group.hasFailed && (!isLast || isHealthy), isPassedOver: group.hasFailed)
        }
        return told
    }

    mutating func removeAll() -> [PostgreSQLAction] {
        defer { self = PostgreSQLRequests() }
        return groups.flatMap { $0.steps.compactMap { $0.action } }
    }

    /// Of the oldest group: the step whose answers have not all come, or the last.
    private var currentStep: Int? {
        guard let steps = groups.first?.steps, !steps.isEmpty else { return nil }
        return steps.firstIndex { $0.pendingCount > 0 } ?? steps.count - 1
    }
}
