/// Texts that one record keeps, weighed: once they weigh more than the limit, further ones are left out.
struct TextBudget {
    /// Bytes; the text that goes beyond is still taken.
    let limit: Int
    private(set) var weight: Int
    /// Something was left out.
    private(set) var isExceeded = false

    /// - Parameter weight: of what is there already.
    init(limit: Int, weight: Int = 0) {
        self.limit = limit
        self.weight = weight
    }

    /// Weighs what is kept in any case.
    mutating func add(_ byteCount: Int) { weight += byteCount }

    /// Weighs a text that is to be kept.
    /// - Returns: false when there is no room for it.
    mutating func take(_ text: String) -> Bool {
        guard weight < limit else {
            isExceeded = true
            return false
        }
        weight += text.utf8.count + MemoryLayout<String>.size
        return true
    }
}
