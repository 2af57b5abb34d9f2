internal import Shared

/// Header fields one behind the other, oldest first, as a table of HPACK keeps them.
struct HPACKEntries: Sendable {
    private struct Entry: Sendable {
        let start, nameCount, valueCount: Int
    }

    private(set) var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Entries and bytes at the front that were removed, but not yet from memory.
    private var removedEntries = 0, removedBytes = 0

    /// What an entry counts for beside its texts (RFC 7541 section 4.1).
    static let overhead = 32

    var count: Int { entries.count - removedEntries }
    /// What the entries count for (section 4.1).
    var size: Int { bytes.count - removedBytes + count * Self.overhead }
    var heldBytes: Int { bytes.capacity + entries.capacity * MemoryLayout<Entry>.size }

    /// Where the name and the value of the entry lie in ``bytes``; 0 is the oldest.
    func ranges(_ index: Int) -> (name: Range<Int>, value: Range<Int>) {
        let entry = entries[removedEntries + index]
        let middle = entry.start + entry.nameCount
        return (entry.start..<middle, middle..<(middle + entry.valueCount))
    }

    mutating func append(_ name: [UInt8], _ value: [UInt8]) {
        entries.append(Entry(start: bytes.count, nameCount: name.count, valueCount: value.count))
        bytes += name
        bytes += value
    }

    mutating func removeFirst() {
        guard count > 0 else { return }
        let entry = entries[removedEntries]
        removedEntries += 1
        removedBytes += entry.nameCount + entry.valueCount
        guard removedEntries * 2 >= entries.count else { return }
        entries = entries[removedEntries...].map {
            Entry(start: $0.start - removedBytes, nameCount: $0.nameCount, valueCount: $0.valueCount)
        }
        bytes.removeFirst(removedBytes)
        (removedEntries, removedBytes) = (0, 0)
    }

    mutating func removeAll() { self = HPACKEntries() }
}

extension HPACKEntries {
    /// The fields that every table begins with (RFC 7541 appendix A).
    static let fixed: HPACKEntries = {
        var entries = HPACKEntries()
        for (name, value) in fixedFields { entries.append(Array(name.utf8), Array(value.utf8)) }
        return entries
    }()

    private static let fixedFields: KeyValuePairs<String, String> = [
        ":authority": "", ":method": "GET", ":method": "POST", ":path": "/", ":path": "/index.html", ":scheme": "http",
        ":scheme": "https", ":status": "200", ":status": "204", ":status": "206", ":status": "304", ":status": "400",
        ":status": "404", ":status": "500", "accept-charset": "", "accept-encoding": "gzip, deflate",
        "accept-language": "", "accept-ranges": "", "accept": "", "access-control-allow-origin": "", "age": "",
        "allow": "", "authorization": "", "cache-control": "", "content-disposition": "", "content-encoding": "",
        "content-language": "", "content-length": "", "content-location": "", "content-range": "", "content-type": "",
        "cookie": "", "date": "", "etag": "", "expect": "", "expires": "", "from": "", "host": "", "if-match": "",
        "if-modified-since": "", "if-none-match": "", "if-range": "", "if-unmodified-since": "", "last-modified": "",
        "link": "", "location": "", "max-forwards": "", "proxy-authenticate": "", "proxy-authorization": "",
        "range": "", "referer": "", "refresh": "", "retry-after": "", "server": "", "set-cookie": "",
        "strict-transport-security": "", "transfer-encoding": "", "user-agent": "", "vary": "", "via": "",
        "www-authenticate": "",
    ]
}
