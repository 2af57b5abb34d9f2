/// Topics that one side has given numbers, so as not to write them again (OASIS MQTT 5.0 section 3.3.2.3.4).
struct MQTTAliases: BytesHolding, Sendable {
    private struct Topic: Weighed, Sendable {
        let text: String

        var weight: Int { MemoryLayout<Self>.size + text.utf8.count }
    }

    /// Brokers allow ten or so, some none.
    private var topics = PendingTable<UInt16, Topic>(limits: PendingLimits(count: 256, weight: 64 << 10))

    var heldBytes: Int { topics.heldBytes }

    /// The topic of a message; none is known where the number is a stranger's.
    /// - Parameters:
    ///   - written: as it stands in the message, empty where the number stands for it.
    ///   - alias: the number, which means the topic that was written with it last.
    mutating func topic(_ written: String, alias: UInt16?) -> String {
        guard let alias else { return written }
        guard !written.isEmpty else { return topics[alias]?.text ?? "" }
        _ = topics.remove(alias)
        if !topics.isFull { topics.insert(Topic(text: written), for: alias) }
        return written
    }

    /// Numbers may have been given to other topics among what was lost.
    mutating func forget() { topics.removeAll() }
}
