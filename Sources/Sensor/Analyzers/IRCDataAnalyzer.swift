internal import Shared

/// An offer of a file between clients of IRC, and what was known of the session when it was made: the record is
/// written when the file comes, which the session has no part in.
struct IRCOffer: Sendable {
    /// Bytes kept of each text: a message of IRC has no more (RFC 2812 §2.3).
    static let textLimit = 512

    /// The session's.
    let connection: ConnectionContext
    let time: Timestamp
    var nick, user, value, addl: String?
    var filename: String?
    var size: UInt64?

    /// Cuts what is longer than any text of a message.
    mutating func cut() {
        for path in [\Self.nick, \.user, \.value, \.addl, \.filename] {
            if let text = self[keyPath: path], text.utf8.count > Self.textLimit {
                self[keyPath: path] = Array(text.utf8)[..<Self.textLimit].wireText
            }
        }
    }

    /// Writes the record, of the session.
    func write(fuid: String, mimeType: String?, into sink: inout RecordSink) {
        let own = sink.connection
        sink.connection = connection
        let irc = Records.irc
        sink.begin(irc, at: time)
        sink.batch.set(irc.nick, nick)
        sink.batch.set(irc.user, user)
        sink.batch.set(irc.command, name: "DCC")
        sink.batch.set(irc.value, value)
        sink.batch.set(irc.addl, addl)
        sink.batch.set(irc.dccFileName, filename)
        sink.batch.set(irc.dccFileSize, size)
        sink.batch.set(irc.dccMimeType, mimeType)
        sink.batch.set(irc.fuid, fuid)
        sink.end()
        sink.connection = own
    }
}

/// A file that one client of IRC sends another (DCC SEND): the end that was connected to sends it, the other tells in
/// four bytes how much has come.
///
/// It has no bytes of its own to be recognised by: ``IRCAnalyzer`` says which connection is one.
struct IRCDataAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "irc-dcc-data"

    private let number: DataChannels.Number
    private var file: FileStream?
    /// Bytes that were lost in front of the first that were seen.
    private var lostByteCount: Int
    /// Until it was told of.
    private var offer: IRCOffer?

    init() { self.init(offer: 0, lost: 0) }

    /// - Parameters:
    ///   - number: of the offer that this connection answers.
    ///   - lostByteCount: of the file's beginning that will not come.
    init(offer number: DataChannels.Number, lost lostByteCount: Int) {
        (self.number, self.lostByteCount) = (number, lostByteCount)
    }

    var heldBytes: Int { file?.heldBytes ?? 0 }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult { .noMatch }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard side == .responder else { return .wantMore }
        if file == nil {
            offer = sink.memories.ircDataChannels[number]?.offer
            sink.memories.ircDataChannels.forget(number)
            file = FileStream(source: "IRC_DATA", filename: offer?.filename, isOriginator: false, into: &sink)
            if lostByteCount > 0 { file?.gap(lostByteCount) }
        }
        file?.append(payload, at: sink.now)
        // The type is known: the session need not wait for the end.
        if file?.mimeType != nil { tell(into: &sink) }
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard side == .responder else { return .wantMore }
        if file == nil { lostByteCount += byteCount } else { file?.gap(byteCount) }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        file?.finish(into: &sink)
        tell(into: &sink)
    }

    private mutating func tell(into sink: inout RecordSink) {
        guard let file else { return }
        offer?.write(fuid: file.fuid, mimeType: file.mimeType, into: &sink)
        offer = nil
    }
}
