/// What happens to an interface while it is captured, for an operator.
public enum InterfaceEvent: Equatable, Sendable, CustomStringConvertible {
    /// It went away, or cannot be read any more; it is opened again as soon as it can be.
    case lost(interface: String, reason: String)
    /// It is captured again.
    case back(interface: String)

    public var description: String {
        switch self {
        case .lost(let interface, let reason):
            "\(interface) cannot be captured any more: \(reason); what it would show is missed until it is back"
        case .back(let interface): "\(interface) is captured again"
        }
    }
}
