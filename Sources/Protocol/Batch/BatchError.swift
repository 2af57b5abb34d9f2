/// Why a batch cannot be read or written.
public enum BatchError: Error, Equatable, Sendable {
    /// The payload's CRC-32C is not the one its frame names.
    case checksum(expected: UInt32, found: UInt32)
    /// Not one zstd frame with its content size, or its content is damaged.
    case compression(String)
    /// A bound of ``BatchLimits`` is passed; `what` names it.
    case limit(what: String, value: Int, limit: Int)
    /// The bytes end before the structure does, or a length points past its end; `offset` in the decompressed bytes.
    case truncated(offset: Int)
    /// A value that the format forbids; `what` names it.
    case invalid(what: String, kind: String, field: String)
    /// The header beside the payload tells something else than the payload; `what` names the part.
    case header(what: String)
}

extension BatchError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .checksum(let expected, let found):
            "its CRC-32C is \(String(found, radix: 16)) and should be \(String(expected, radix: 16))"
        case .compression(let detail): "its zstd frame cannot be read: \(detail)"
        case .limit(let what, let value, let limit): "it has \(value) \(what) and may have \(limit)"
        case .truncated(let offset): "its content ends or misleads at byte \(offset)"
        case .invalid(let what, let kind, let field):
            "\(what)" + (kind.isEmpty ? "" : " in \(kind)") + (field.isEmpty ? "" : ".\(field)")
        case .header(let what): "its header and its content disagree about \(what)"
        }
    }
}
