internal import Shared

/// Turns the text of one value into what its field holds; the same for JSON and TSV.
enum ValueReader {
    /// - Parameters:
    ///   - start: where the text lies, in the line or (when `inScratch`) in the row's scratch.
    ///   - bytes: the text itself.
    static func read(
        _ bytes: UnsafeRawBufferPointer, at start: Int, inScratch: Bool, slot: FieldSlot, into row: inout ParsedRow
    ) {
        switch slot.type {
        case .string, .address:
            text(bytes, at: start, inScratch: inScratch, slot: slot, into: &row)
        case .strings:
            let list = row.openList(slot)
            if slot.isCommaList {
                names(bytes, at: start, inScratch: inScratch, slot: slot, into: &row)
            } else {
                row.add(slot, text: start, length: bytes.count, inScratch: inScratch)
            }
            row.closeList(at: list)
        case .double:
            guard let value = NumberText.double(bytes) else { return row.fail(slot, reason(bytes, "is not a number")) }
            row.add(slot, double: value)
        case .counts, .intervals:
            let list = row.openList(slot)
            if let value = number(bytes, slot: slot) {
                row.values.append(.init(position: slot.position32, content: .number, bits: value))
                row.closeList(at: list)
            } else {
                row.drop(from: list)
                row.fail(slot, reason(bytes, "is not a list of numbers"))
            }
        case .time, .interval, .count, .port, .bool:
            guard let value = number(bytes, slot: slot) else {
                return row.fail(slot, reason(bytes, "is not a \(slot.type.rawValue)"))
            }
            row.add(slot, number: value)
        }
    }

    /// An element of a list.
    static func element(
        _ bytes: UnsafeRawBufferPointer, at start: Int, inScratch: Bool, slot: FieldSlot, into row: inout ParsedRow
    ) -> Bool {
        guard slot.type != .strings else {
            row.add(slot, text: start, length: bytes.count, inScratch: inScratch)
            return true
        }
        guard let value = number(bytes, slot: slot) else { return false }
        row.values.append(.init(position: slot.position32, content: .number, bits: value))
        return true
    }

    private static func text(
        _ bytes: UnsafeRawBufferPointer, at start: Int, inScratch: Bool, slot: FieldSlot, into row: inout ParsedRow
    ) {
        if slot.isSecret {
            guard !bytes.isEmpty else { return }
            let place = row.scratch.count
            row.scratch.append(contentsOf: FieldMap.secretText.utf8)
            row.add(slot, text: place, length: FieldMap.secretText.utf8.count, inScratch: true)
        } else if slot.type == .address {
            guard !bytes.isEmpty else { return }
            guard isPlainV4(bytes) || IPAddress(parsing: bytes) != nil else {
                return row.fail(slot, reason(bytes, "is not an IP address"))
            }
            row.add(slot, text: start, length: bytes.count, inScratch: inScratch)
        } else {
            row.add(slot, text: start, length: bytes.count, inScratch: inScratch)
        }
    }

    /// `krb,smb,gssapi`.
    private static func names(
        _ bytes: UnsafeRawBufferPointer, at start: Int, inScratch: Bool, slot: FieldSlot, into row: inout ParsedRow
    ) {
        var begin = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == 0x2C {
            if index > begin { row.add(slot, text: start + begin, length: index - begin, inScratch: inScratch) }
            begin = index + 1
        }
    }

    /// Bits of a number column.
    static func number(_ bytes: UnsafeRawBufferPointer, slot: FieldSlot) -> UInt64? {
        switch slot.type {
        case .time:
            return NumberText.time(bytes, isOwn: slot.isTime).map { UInt64(bitPattern: $0) }
        case .interval, .intervals:
            return NumberText.nanoseconds(bytes).map { UInt64(bitPattern: $0) }
        case .port:
            // `53/udp` is the older spelling of a port.
            let end = bytes.firstIndex(of: 0x2F) ?? bytes.count
            let value = NumberText.unsigned(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
            return value.flatMap { $0 <= 65_535 ? $0 : nil }
        case .bool:
            guard let first = bytes.first else { return nil }
            switch first | 0x20 {
            case 0x74 where bytes.count == 1 || bytes.count == 4: return 1
            case 0x66 where bytes.count == 1 || bytes.count == 5: return 0
            case 0x31 where bytes.count == 1: return 1
            case 0x30 where bytes.count == 1: return 0
            default: return nil
            }
        default:
            return NumberText.unsigned(bytes)
        }
    }

    private static func isPlainV4(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 7, bytes.count <= 15 else { return false }
        var part = 0
        var dots = 0
        var digits = 0
        for byte in bytes {
            if byte == 0x2E {
                guard digits > 0 else { return false }
                (part, digits, dots) = (0, 0, dots + 1)
            } else {
                guard byte &- 0x30 <= 9, digits < 3, digits == 0 || part > 0 else { return false }
                part = part * 10 + Int(byte - 0x30)
                digits += 1
                guard part < 256 else { return false }
            }
        }
        return dots == 3 && digits > 0
    }

    /// At most 40 bytes of the value are repeated in a message.
    static func reason(_ bytes: UnsafeRawBufferPointer, _ what: String) -> String {
        let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(40))
        return "'\(WireText.string(decoding: head))\(bytes.count > 40 ? "..." : "")' \(what)"
    }
}
