internal import Shared

/// Kinds of messages ([MS-TDS] section 2.2.3.1.1) and what records tell of them.
enum TDSMessage {
    static let batch: UInt8 = 1
    static let call: UInt8 = 3
    static let response: UInt8 = 4
    static let login: UInt8 = 16
    static let securityToken: UInt8 = 17
    static let prelogin: UInt8 = 18

    /// In the spelling that logs of this protocol have.
    static let names: [UInt8: StaticString] = [
        1: "SQL Batch", 2: "Pre TDS7 Login", 3: "Remote Procedure Call", 4: "SQL Batch Server Response",
        6: "Attention Request", 7: "Bulk Load Data", 8: "Federated Authentication Token",
        14: "Transaction Manager Request", 15: "TDS5 Query", 16: "TDS7 Login", 17: "SSPI Message",
        18: "Pre-Login Request",
    ]

    static func command(
        _ type: UInt8, encryption: StaticString? = nil, success: Bool? = nil, error: String? = nil,
        into sink: inout RecordSink
    ) {
        let tds = Records.tds
        sink.begin(tds)
        if let name = names[type] { sink.batch.set(tds.command, name: name) }
        if let encryption { sink.batch.set(tds.encryption, name: encryption) }
        sink.batch.set(tds.success, success)
        sink.batch.set(tds.error, error)
        sink.end()
    }

    /// What option 1 of a prelogin says (section 2.2.6.5).
    static func encryption(_ body: [UInt8]) -> StaticString? {
        let span = body.span.bytes
        // Options take five bytes each, and there are fewer than 16 kinds.
        for index in 0..<16 {
            guard let option = try? span.byte(at: index * 5), option != 0xFF else { return nil }
            guard option == 1 else { continue }
            guard let offset = try? span.readBE(at: index * 5 + 1, as: UInt16.self),
                let value = try? span.byte(at: Int(offset))
            else { return nil }
            switch value & 0x7F {
            case 0: return "off"
            case 1: return "on"
            case 2: return "not_supported"
            case 3: return "required"
            default: return nil
            }
        }
        return nil
    }

    /// Statements in 16-bit units behind the headers of all requests, which older versions lack (section 2.2.5.3).
    /// - Returns: whether they are hidden.
    static func batch(_ body: [UInt8], into sink: inout RecordSink) -> Bool {
        let (headers, type) = headers(body)
        let record = Records.tdsSQLBatch
        sink.begin(record)
        switch type {
        case 1: sink.batch.set(record.headerType, name: "Query notifications")
        case 2: sink.batch.set(record.headerType, name: "Transaction Descriptor")
        default: break
        }
        let text = UTF16Text.littleEndian(body.dropFirst(headers).prefix(2 * QueryText.limit + 2))
        let shown = QueryText.shown(text)
        sink.batch.set(record.query, shown)
        sink.end()
        return QueryText.isHidden(shown)
    }

    /// Bytes that the headers in front of a request take, and the kind of the first.
    static func headers(_ body: [UInt8]) -> (byteCount: Int, type: UInt16?) {
        let span = body.span.bytes
        guard let total = try? Int(span.readLE(at: 0, as: UInt32.self)), (10...1024).contains(total),
            total <= body.count, let first = try? Int(span.readLE(at: 4, as: UInt32.self)), first <= total - 4,
            let type = try? span.readLE(at: 8, as: UInt16.self), type <= 3
        else { return (0, nil) }
        return (total, type)
    }
}

/// The tokens of an answer that tell how it went (section 2.2.7).
struct TDSAnswer: Sendable {
    private(set) var isAccepted = false
    private(set) var error: String?
    /// Of the error, the number alone.
    var errorNumber: String? { error.map { String($0.prefix { $0 != ":" }) } }
    private(set) var token: ArraySlice<UInt8>?

    /// Tokens that are read: they stand in front, and rows end the reading.
    private static let tokenLimit = 64

    init(_ body: [UInt8]) {
        var reader = ByteReader(body)
        for _ in 0..<Self.tokenLimit {
            guard let kind = try? reader.byte() else { return }
            switch kind {
            case 0xAA, 0xAB, 0xAD, 0xE3, 0xED:
                guard let length = try? reader.le(UInt16.self), let content = try? reader.take(Int(length)) else {
                    return
                }
                take(kind, content)
            case 0xFD, 0xFE, 0xFF: guard (try? reader.skip(12)) != nil else { return }
            default: return
            }
        }
    }

    private mutating func take(_ kind: UInt8, _ content: ArraySlice<UInt8>) {
        switch kind {
        case 0xAD: isAccepted = true
        case 0xED: token = content
        case 0xAA where error == nil:
            var reader = ByteReader(content)
            guard let number = try? reader.le(UInt32.self), (try? reader.skip(2)) != nil,
                let count = try? reader.le(UInt16.self), let text = try? reader.take(2 * Int(count))
            else { return }
            error = "\(number): \(UTF16Text.littleEndian(text.prefix(2 * QueryText.limit)))"
        default: break
        }
    }
}
