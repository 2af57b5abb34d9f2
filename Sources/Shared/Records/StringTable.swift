/// The dictionary of a batch: every distinct text once, numbered from 0 in order of first use.
public struct StringTable: Sendable {
    public private(set) var strings: [String] = []
    private var indices: [String: UInt32] = [:]
    /// UTF-8 bytes of all entries, for the batch's size limit.
    public private(set) var byteCount = 0

    public init() {}

    /// Wraps a dictionary that came with a batch.
    public init(strings: [String]) {
        self.strings = strings
        byteCount = strings.reduce(0) { $0 + $1.utf8.count }
    }

    public subscript(index: UInt32) -> String { strings[Int(index)] }
    public var count: Int { strings.count }

    /// Adds a text that the caller knows to be new, without entering it for ``intern(_:)``: for importers that look up
    /// their texts by themselves. Whoever mixes both must make sure that no text comes both ways.
    public mutating func append(distinct text: String) -> UInt32 {
        let index = UInt32(strings.count)
        strings.append(text)
        byteCount += text.utf8.count
        return index
    }

    /// The number of `text`, which is added when it is new.
    public mutating func intern(_ text: String) -> UInt32 {
        if let known = indices[text] { return known }
        let index = UInt32(strings.count)
        strings.append(text)
        indices[text] = index
        byteCount += text.utf8.count
        return index
    }
}
