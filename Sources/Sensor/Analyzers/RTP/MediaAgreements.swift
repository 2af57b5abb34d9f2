internal import Shared

/// What the calls that a worker sees have agreed upon for their voice and video, by where it is to be sent.
struct MediaAgreements: Sendable {
    struct Agreement: Sendable {
        let formats: [MediaDescription.Format]
        /// The call's identifier in its signalling.
        let call: String?

        func format(_ payloadType: UInt8) -> MediaDescription.Format? {
            formats.first { $0.payloadType == payloadType }
        }
    }

    /// The end that a medium is sent to.
    typealias Endpoint = DataChannels.Endpoint

    /// Ends that are remembered; each further one forgets the oldest.
    static let limit = 2048

    private var agreements: [Endpoint: Agreement] = [:]
    private var order: [Endpoint] = []
    private var oldest = 0

    var isEmpty: Bool { agreements.isEmpty }

    /// What was agreed for media sent to `end`.
    subscript(end: Endpoint) -> Agreement? { agreements[end] }

    /// Notes an agreement; a later one for the same end takes its place.
    mutating func agree(_ agreement: Agreement, for end: Endpoint) {
        if agreements.updateValue(agreement, forKey: end) != nil { return }
        if order.count < Self.limit {
            order.append(end)
            return
        }
        agreements[order[oldest]] = nil
        order[oldest] = end
        oldest = (oldest + 1) % Self.limit
    }
}
