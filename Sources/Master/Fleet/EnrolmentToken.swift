public import Shared

/// A one-time permission to enrol one sensor at one site. The token itself is not kept, only its hash.
public struct EnrolmentToken: Sendable, Equatable {
    /// SHA-256 of the token's secret: the key.
    public let hash: [UInt8]
    public let site: String
    public let createdAt: Timestamp
    public let expiresAt: Timestamp
    /// When a sensor used it; nil as long as it is good.
    public var usedAt: Timestamp?

    public init(hash: [UInt8], site: String, createdAt: Timestamp, expiresAt: Timestamp, usedAt: Timestamp? = nil) {
        (self.hash, self.site) = (hash, site)
        (self.createdAt, self.expiresAt, self.usedAt) = (createdAt, expiresAt, usedAt)
    }
}
