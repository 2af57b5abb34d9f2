internal import Shared

/// A login ([MS-TDS] section 2.2.6.4), without its password.
struct TDSLogin: Sendable {
    private let time: Timestamp
    private let version: UInt32
    private let hostname, user, application, server, library, database: String
    /// The first message of integrated authentication.
    let token: ArraySlice<UInt8>?

    /// - Throws: ``DecodeError`` when a part lies outside of the message.
    init(decoding body: [UInt8], at time: Timestamp) throws(DecodeError) {
        self.time = time
        let span = body.span.bytes
        version = try span.readLE(at: 4)
        hostname = try Self.text(body, at: 36)
        user = try Self.text(body, at: 40)
        application = try Self.text(body, at: 48)
        server = try Self.text(body, at: 52)
        library = try Self.text(body, at: 60)
        database = try Self.text(body, at: 68)
        let part = try Self.part(body, at: 78, unit: 1)
        token = part.isEmpty ? nil : part
    }

    /// Longest name: section 2.2.6.4 allows 128 units.
    private static let nameLimit = 128

    private static func text(_ body: [UInt8], at place: Int) throws(DecodeError) -> String {
        UTF16Text.littleEndian(try part(body, at: place, unit: 2).prefix(2 * nameLimit))
    }

    /// A part, whose offset and length stand at `place`.
    private static func part(_ body: [UInt8], at place: Int, unit: Int) throws(DecodeError) -> ArraySlice<UInt8> {
        let span = body.span.bytes
        let offset = Int(try span.readLE(at: place, as: UInt16.self))
        let length = Int(try span.readLE(at: place + 2, as: UInt16.self)) * unit
        try span.require(length, at: length == 0 ? 0 : offset)
        return length == 0 ? [] : body[offset..<(offset + length)]
    }

    func write(success: Bool?, error: String?, into sink: inout RecordSink) {
        let tds = Records.tds
        sink.begin(tds, at: time)
        sink.batch.set(tds.command, name: "TDS7 Login")
        sink.batch.set(tds.user, user.nilIfEmpty)
        sink.batch.set(tds.hostname, hostname.nilIfEmpty)
        sink.batch.set(tds.appName, application.nilIfEmpty)
        sink.batch.set(tds.serverName, server.nilIfEmpty)
        sink.batch.set(tds.library, library.nilIfEmpty)
        sink.batch.set(tds.database, database.nilIfEmpty)
        sink.batch.set(tds.version, Self.name(of: version))
        sink.batch.set(tds.success, success)
        sink.batch.set(tds.error, error)
        sink.end()
    }

    /// Section 2.2.7.14: 7.0 to 8.0.
    private static func name(of version: UInt32) -> String {
        switch version >> 24 {
        case 0x08: "8.0"
        case 0x70: "7.0"
        case 0x71: "7.1"
        case 0x72: "7.2"
        case 0x73: "7.3"
        case 0x74: "7.4"
        default: "unknown-\(version)"
        }
    }
}
