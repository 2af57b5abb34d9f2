/// What an answer has in common with its request: of a connection the number of the message (CIP Networks Library
/// volume 1, section 3-6.5), elsewhere the context that its sender chose (volume 2, section 2-3).
enum CIPExchange: Hashable, Sendable {
    case sequence(UInt16)
    case context(UInt64)

    var sequence: UInt64? { if case .sequence(let number) = self { UInt64(number) } else { nil } }
}

/// A service: answers tell no class, and codes from 0x4B on mean others where the connection manager is asked.
struct CIPService: Sendable {
    let code: UInt8
    let isConnectionManagers: Bool
}

/// Requests that wait for their answers, so that these are named as what was asked for.
struct CIPRequests: BytesHolding, Sendable {
    private struct Request: Weighed, Sendable {
        let exchange: CIPExchange
        let service: CIPService
        /// What the request asks for that this one carries on.
        var routed: CIPService?

        var weight: Int { MemoryLayout<Self>.size }
    }

    /// Controllers answer some dozens at once; unanswered ones are forgotten.
    private var requests = PendingQueue<Request>(limits: PendingLimits(count: 64))

    var heldBytes: Int { requests.heldBytes }

    mutating func append(_ service: CIPService, _ exchange: CIPExchange) {
        // Numbers come round, and a message is sent again with its own; contexts may all be the same.
        if case .sequence = exchange, let index = requests.firstIndex(where: { $0.exchange == exchange }) {
            _ = requests.remove(at: index)
        }
        requests.append(Request(exchange: exchange, service: service))
        _ = requests.removeExcess()
    }

    /// The latest request carries another one on.
    mutating func route(_ service: CIPService) {
        if !requests.isEmpty { requests.update(requests.count - 1) { $0.routed = service } }
    }

    /// Whether an answer is the connection manager's. What it has carried on is answered as if it were not there; only
    /// when it could not do so it answers for itself (volume 1, section 3-5.5.4).
    mutating func isConnectionManagers(answer code: UInt8, status: UInt8, _ exchange: CIPExchange) -> Bool {
        let index = requests.firstIndex {
            $0.exchange == exchange && ($0.service.code == code || $0.routed?.code == code)
        }
        guard let index else { return false }
        let request = requests.remove(at: index)
        guard let routed = request.routed, routed.code == code else { return request.service.isConnectionManagers }
        // Where both have the same code, a failure of the connection tells them apart.
        let isRoutings = request.service.code == code && status == 1
        return isRoutings ? request.service.isConnectionManagers : routed.isConnectionManagers
    }
}
