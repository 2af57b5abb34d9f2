internal import Shared

/// Puts a parsed row into the columns of a batch.
struct RowWriter {
    let line: UnsafeRawBufferPointer
    let scratch: UnsafeRawBufferPointer

    func write(_ values: [ParsedRow.Value], into batch: inout RecordBatch, _ dictionary: inout ByteDictionary) {
        var index = 0
        while index < values.count {
            let value = values[index]
            let position = Int(value.position)
            switch value.content {
            case .number: batch.set(position: position, number: value.bits)
            case .double: batch.set(position: position, double: Double(bitPattern: value.bits))
            case .text: batch.set(position: position, stringIndex: number(of: value, &batch, &dictionary))
            case .textList:
                let elements = values[(index + 1)..<(index + 1 + Int(value.bits))]
                batch.set(position: position, stringIndices: elements.map { number(of: $0, &batch, &dictionary) })
                index += elements.count
            case .numberList:
                let elements = values[(index + 1)..<(index + 1 + Int(value.bits))]
                batch.set(position: position, numbers: elements.map(\.bits))
                index += elements.count
            }
            index += 1
        }
    }

    private func number(
        of value: ParsedRow.Value, _ batch: inout RecordBatch, _ dictionary: inout ByteDictionary
    ) -> UInt32 {
        let place = Int(value.bits)
        let source = value.inScratch ? scratch : line
        let bytes = UnsafeRawBufferPointer(rebasing: source[place..<(place + value.length)])
        // IPv6 has many spellings of one address; the others are the same text as in the line.
        if value.isAddress, bytes.contains(0x3A), let address = IPAddress(parsing: bytes) {
            var text = address.description
            return text.withUTF8 { dictionary.number(of: UnsafeRawBufferPointer($0), in: &batch) }
        }
        return dictionary.number(of: bytes, in: &batch)
    }
}
