internal import Shared

/// Whether a server answers REPLCONF, by which replicas say what they can and how far they have come (`replconfCommand`
/// in Redis' replication.c): it reads pairs of an option and a value, and ends at ACK or GETACK without an answer.
enum RedisReplicationReply: Sendable {
    /// There is an answer, as to other commands.
    case given
    /// There is none, but in a transaction, which answers that the command waits.
    case none
    /// Servers differ in which options they know, and in which values.
    case unknown

    /// - Parameter words: of the command, all of them.
    init(to words: [String]) {
        // An option without a value is refused.
        guard words.count % 2 == 1 else {
            self = .given
            return
        }
        for place in stride(from: 1, to: words.count, by: 2) {
            switch words[place].lowercased() {
            case "ack", "getack":
                self = .none
                return
            case "capa": continue
            case "listening-port" where Int(words[place + 1]).map { "\($0)" } == words[place + 1]: continue
            default:
                let isSilent = stride(from: place + 2, to: words.count, by: 2).contains {
                    ["ack", "getack"].contains(words[$0].lowercased())
                }
                self = isSilent ? .unknown : .given
                return
            }
        }
        self = .given
    }
}
