internal import Shared

/// A request that waits for its answer, and when it came.
struct SMBWaiting<Request: Weighed>: Weighed {
    let request: Request
    let time: Timestamp
    var weight: Int { request.weight }
}

extension PendingTable {
    /// Takes out the only open that waits for its answer and may be that of a pipe which is used by now.
    /// - Parameters:
    ///   - isShareKnown: as the one of pipes; in another, a name like that of a document is none of a pipe.
    ///   - asked: the name that a request opens on the pipe's share, nil where it opens none.
    /// - Returns: its name; nil where none waits, or several of different names.
    mutating func takePipeName<Request>(
        isShareKnown: Bool, _ asked: (Request) -> String?
    ) -> String? where Element == SMBWaiting<Request> {
        var first: (key: Key, name: String, time: Timestamp)?
        for (key, waiting) in elements {
            guard let name = asked(waiting.request) else { continue }
            if let first, first.name != name { return nil }
            if first.map({ waiting.time < $0.time }) ?? true { first = (key, name, waiting.time) }
        }
        guard let first, isShareKnown || !first.name.utf8.contains(0x2E) else { return nil }
        _ = remove(first.key)
        return first.name
    }
}
