internal import Shared

/// Events of one connection that were told, each once.
struct AMQPEvents: BytesHolding, Sendable {
    private var told: Set<AMQPSession.Event> = []
    private var weight = 0
    private var isOver = false

    /// Different events of one connection that are told.
    static let limit = 256

    var heldBytes: Int { PendingLimits.counted(weight) }

    /// Adds an event; of the first that is too many, a `weird` tells.
    /// - Returns: whether it is to be told.
    mutating func insert(_ event: AMQPSession.Event, into sink: inout RecordSink) -> Bool {
        guard told.count < Self.limit else {
            if !isOver, !told.contains(event) {
                isOver = true
                sink.weird("amqp_events_left_out", detail: event.command, source: AMQPAnalyzer.service)
            }
            return false
        }
        guard told.insert(event).inserted else { return false }
        weight += MemoryLayout<AMQPSession.Event>.size + event.exchange.weight + event.routingKey.weight
        weight += event.queue.weight
        return true
    }
}
