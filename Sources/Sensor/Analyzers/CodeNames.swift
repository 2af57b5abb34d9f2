internal import Shared

/// Names of the codes of a protocol, as they stand in its tables: looked up by position, nothing is allocated.
struct CodeNames: Sendable, ExpressibleByDictionaryLiteral {
    private let names: [StaticString?]

    /// - Parameter elements: codes from 0 on; the greatest tells the size of the table.
    init(dictionaryLiteral elements: (Int, StaticString)...) {
        var names = [StaticString?](repeating: nil, count: (elements.map(\.0).max() ?? -1) + 1)
        for (code, name) in elements { names[code] = name }
        self.names = names
    }

    subscript(code: some BinaryInteger) -> StaticString? {
        guard let index = Int(exactly: code), names.indices.contains(index) else { return nil }
        return names[index]
    }
}

extension RecordBatch {
    /// Sets the name of a code, or what stands for codes that the table does not have.
    mutating func set(
        _ field: TextField, _ names: CodeNames, _ code: some BinaryInteger, otherwise: @autoclosure () -> String
    ) {
        if let name = names[code] {
            set(field, name: name)
        } else {
            set(field, otherwise())
        }
    }
}
