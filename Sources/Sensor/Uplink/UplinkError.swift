public import Foundation
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
    /// The master's certificate is good, and not at the time that this machine has.
    case clock(MasterAddress, now: Date, validity: ClosedRange<Date>)
    /// A connection is accepted, and nothing is said on it.
    case unanswered(MasterAddress)
    /// Files of an enrolment that are not what was written.
    case damaged(String)
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
        case .clock(let master, let now, let validity):
            "the clock of this machine says \(now.formatted(.iso8601)), and the certificate of \(master) is valid "
                + "from \(validity.lowerBound.formatted(.iso8601)) to \(validity.upperBound.formatted(.iso8601)): "
                + "set the clock"
        case .unanswered(let master):
            "\(master) takes the connection and does not answer: see whether the master there runs, and that it is one"
        case .damaged(let path):
            "\(path) is damaged: bring it back from a copy, or move the directory away and enrol again with a new token"
        case .refused(let refusal): "the master refused: \(refusal.message)"
        case .lost(let reason): "the connection to the master was lost: \(reason)"
        }
    }

    /// Whether trying again may help without anybody doing anything.
    var isTemporary: Bool {
        switch self {
        case .unreachable, .lost, .clock, .unanswered: true
        case .refused(let refusal): refusal.isTemporary || refusal.code == .gap
        default: false
        }
    }
}
