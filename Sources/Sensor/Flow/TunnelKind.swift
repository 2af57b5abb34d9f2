/// What a connection or a pair of hosts carries other packets in; named as Zeek names it, where it knows it.
enum TunnelKind: UInt8 {
    case none, ip, gre, vxlan, geneve, teredo, gtp1, ayiya, capwap, tzsp, mpls, lisp, l2tp

    var recordName: String {
        switch self {
        case .none: "Tunnel::NONE"
        case .ip: "Tunnel::IP"
        case .gre: "Tunnel::GRE"
        case .vxlan: "Tunnel::VXLAN"
        case .geneve: "Tunnel::GENEVE"
        case .teredo: "Tunnel::TEREDO"
        case .gtp1: "Tunnel::GTPv1"
        case .ayiya: "Tunnel::AYIYA"
        case .capwap: "Tunnel::CAPWAP"
        case .tzsp: "Tunnel::TZSP"
        case .mpls: "Tunnel::MPLS"
        case .lisp: "Tunnel::LISP"
        case .l2tp: "Tunnel::L2TP"
        }
    }

    /// Known by little more than its port: what has no IP inside may be anything else.
    var isKnownByPort: Bool {
        switch self {
        case .capwap, .tzsp, .mpls, .lisp, .l2tp: true
        case .none, .ip, .gre, .vxlan, .geneve, .teredo, .gtp1, .ayiya: false
        }
    }

    /// Zeek's `service` of the connection that carries it.
    var service: StaticString? {
        switch self {
        case .none, .ip, .gre: nil
        case .vxlan: "vxlan"
        case .geneve: "geneve"
        case .teredo: "teredo"
        case .gtp1: "gtpv1"
        case .ayiya: "ayiya"
        case .capwap: "capwap"
        case .tzsp: "tzsp"
        case .mpls: "mpls"
        case .lisp: "lisp"
        case .l2tp: "l2tp"
        }
    }
}
