public import Protocol

/// Why a sensor and its master do not come together.
public enum UplinkError: Error, Sendable, CustomStringConvertible {
    case notEnrolled(String)
    case enrolledAlready(String)
    /// A token that is not one.
    case token
    case unreachable(MasterAddress, reason: String)
    /// The peer is not the master that the token or the enrolment names.
    case notTheMaster(MasterAddress)
    case certificate(String)
    case refused(Refusal)
    /// The connection ended in the middle.
    case lost(String)

    public var description: String {
        switch self {
        case .notEnrolled(let directory):
            "\(directory) holds no enrolment: run `meneki-sensor enroll --state \(directory)` with a token first"
        case .enrolledAlready(let directory):
            "\(directory) holds an enrolment already; choose another --state, or move it away to enrol anew"
        case .token: "the token is incomplete: copy all of what `meneki-master token create` printed"
        case .unreachable(let master, let reason):
            "the master \(master) cannot be reached: \(reason); check the address and the firewall"
        case .notTheMaster(let master):
            "\(master) is not the master that this sensor may trust (its certificate is another): check the address"
        case .certificate(let reason): "\(reason)"
        case .refused(let refusal): "the master refused: \(refusal.message)"
        case .lost(let reason): "the connection to the master was lost: \(reason)"
        }
    }

    /// Whether trying again may help without anybody doing anything.
    var isTemporary: Bool {
        switch self {
        case .unreachable, .lost: true
        case .refused(let refusal): refusal.isTemporary || refusal.code == .gap
        default: false
        }
    }
}
