/// Someone or something whose behaviour is learned, within one site.
public struct EntityID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A machine of the site; `name` is the inventory's identifier.
        case device
        /// An account (`DOMAIN\\user` or `user@REALM`, folded to lower case).
        case user
        /// A service offered inside, such as `10.0.0.5:445/tcp`.
        case service
        /// A destination outside: registered domain, or address where no name is known.
        case destination
        case site
    }

    public var kind: Kind
    public var name: String

    public init(kind: Kind, name: String) { (self.kind, self.name) = (kind, name) }

    /// `device:pc-014`: the form in the database.
    public var description: String { "\(kind.rawValue):\(name)" }

    public static func < (a: EntityID, b: EntityID) -> Bool {
        (a.kind.rawValue, a.name) < (b.kind.rawValue, b.name)
    }
}
