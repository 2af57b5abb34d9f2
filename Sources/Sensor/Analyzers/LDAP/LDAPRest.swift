internal import Shared

/// The rest of a message of which nothing is told but that it was there: an entry that a search found, or something
/// encrypted; or of one that is too long to be put together. They are passed over.
struct LDAPRest: Sendable {
    /// Bytes that have not come yet.
    var byteCount = 0
    /// The search that it is an entry of.
    private(set) var search: UInt64?
    /// What came of it before is to be told.
    private(set) var isTold = false

    /// Bytes of the longest message: RFC 4511 has no limit, and a group with all its members some megabytes. What is
    /// longer than the greatest number that it has (`maxInt`) is none.
    static let longest = Int(Int32.max)
    /// Bytes of a message too long to be put together that are waited for: more than records tell of it.
    private static let beginning = 65_536

    init() {}

    /// What is missing of the message that begins here: nothing where it must be read, or where that cannot be told
    /// yet.
    /// - Parameter limit: bytes of the longest message that is put together.
    init(of bytes: RawSpan, limit: Int) {
        guard let first = try? bytes.byte(at: 0) else { return }
        if first == DERTag.sequence {
            if let entry = Self.entry(bytes, room: Self.longest) {
                (byteCount, search) = (Swift.max(entry.byteCount - bytes.byteCount, 0), entry.search)
            } else if let head = try? DERHead(bytes) {
                passLong(head.count + head.contentCount, of: bytes, limit)
            }
            return
        }
        guard let number: UInt32 = try? bytes.readBE(at: 0) else { return }
        let length = Int(number)
        let wrapped = bytes.extracting(droppingFirst: 4)
        if let content = SASLWrapping.content(wrapped, of: length) {
            guard let entry = Self.entry(wrapped.extracting(droppingFirst: content.lowerBound), room: content.count),
                entry.byteCount == content.count
            else {
                passLong(4 + length, of: bytes, limit)
                return
            }
            search = entry.search
        } else if !SASLWrapping.isOpaque(wrapped) {
            passLong(4 + length, of: bytes, limit)
            return
        }
        byteCount = Swift.max(4 + length - bytes.byteCount, 0)
    }

    /// Passes over the rest of a message that is too long, once its beginning is there.
    private mutating func passLong(_ count: Int, of bytes: RawSpan, _ limit: Int) {
        guard count > limit, bytes.byteCount >= Self.beginning else { return }
        (byteCount, isTold) = (Swift.max(count - bytes.byteCount, 0), true)
    }

    /// Length of the entry that begins here and the search that found it; nil where it is no entry, or not one as it
    /// should be within `room` bytes.
    private static func entry(_ bytes: RawSpan, room: Int) -> (byteCount: Int, search: UInt64)? {
        guard let outer = try? DERHead(bytes), outer.tag == DERTag.sequence else { return nil }
        let inner = bytes.extracting(droppingFirst: outer.count)
        guard let number = try? DERHead(inner), number.tag == DERTag.integer, number.contentCount <= 8,
            let operation = try? DERHead(inner.extracting(droppingFirst: number.count + number.contentCount)),
            operation.tag == 0x64,
            number.count + number.contentCount + operation.count + operation.contentCount <= outer.contentCount,
            outer.count + outer.contentCount <= room
        else { return nil }
        var id: Int64 = 0
        for index in 0..<number.contentCount {
            guard let byte = try? inner.byte(at: number.count + index) else { return nil }
            if index == 0, byte & 0x80 != 0 { id = -1 }
            id = id << 8 | Int64(byte)
        }
        return (outer.count + outer.contentCount, UInt64(clamping: id))
    }
}
