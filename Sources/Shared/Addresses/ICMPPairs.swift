/// ICMP messages that ask and answer (RFC 792, RFC 4443, RFC 4861): both belong to one connection, whose ports are
/// the two types. Of others the ports are type and code.
public enum ICMPPairs {
    /// The type that answers `type`, or asks for it; nil when there is none.
    public static func counterpart(of type: UInt16, isV6: Bool) -> UInt16? {
        if isV6 {
            switch type {
            case 128: return 129
            case 129: return 128
            case 130: return 131
            case 131: return 130
            case 133: return 134
            case 134: return 133
            case 135: return 136
            case 136: return 135
            case 139: return 140
            case 140: return 139
            case 144: return 145
            case 145: return 144
            default: return nil
            }
        }
        switch type {
        case 8: return 0
        case 0: return 8
        case 13: return 14
        case 14: return 13
        case 15: return 16
        case 16: return 15
        case 17: return 18
        case 18: return 17
        case 10: return 9
        case 9: return 10
        default: return nil
        }
    }
}
