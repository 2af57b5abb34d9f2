/// Why a capture cannot be read, in words for an operator.
public enum CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case notACapture(path: String)
    case badFilter(filter: String, reason: String)
    case cannotCapture(interface: String, reason: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "cannot open \(path): \(reason)"
        case .notACapture(let path):
            "\(path) is not a capture: it begins neither like pcap nor like pcapng (gzip of these is fine too)"
        case .badFilter(let filter, let reason): "the filter '\(filter)' is not valid: \(reason)"
        case .cannotCapture(let interface, let reason): "cannot capture on \(interface): \(reason)"
        }
    }
}

/// How reading a capture file ended.
public enum CaptureEnding: Equatable, Sendable {
    /// Not yet, or after the last packet.
    case complete
    /// The file ends inside a packet, as when the capturing program was stopped: everything before is good.
    case cut(offset: UInt64)
    /// What stands at this offset of the (unpacked) file cannot be: everything before is good.
    case damaged(offset: UInt64, reason: String)
}
