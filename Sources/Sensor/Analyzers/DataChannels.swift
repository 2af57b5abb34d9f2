internal import Shared

/// Data connections that one protocol's sessions of a worker have agreed upon, and the transfers over them: FTP's,
/// TFTP's or those between clients of IRC.
///
/// As many are remembered as ``limit`` says; each new one forgets the oldest, and a quiet time those that never began.
struct DataChannels: Sendable {
    /// The end that a data connection is opened to.
    struct Endpoint: Hashable, Sendable {
        var address: IPAddress
        var port: UInt16
    }

    /// What goes over one data connection.
    struct Transfer: Sendable {
        fileprivate let ends: [Endpoint]
        fileprivate let agreed: Timestamp
        /// Name of the file, once a command has told it.
        var filename: String?
        /// Bytes of the file in front of those that are sent (RFC 3659 §5.3).
        var restart: UInt64 = 0
        /// The file, once its first bytes were seen.
        var fuid: String?
        /// The server says that it did not come to its end.
        var isBroken = false
        /// Its type, as far as it is known by now.
        var mimeType: String?
        /// What clients of IRC have said of it.
        var offer: IRCOffer?
        /// Where it goes, and from whom, if it is what was agreed upon and not any connection that somebody names.
        var expected: (end: Endpoint, from: IPAddress)?
    }

    /// Number of an agreement, counted from 1; of IRC's, from ``ircNumbers`` on.
    typealias Number = UInt64

    /// A connection that was announced knows by its number alone who has announced it.
    static let ircNumbers: Number = 1 << 63

    static let limit: Number = 1024
    /// A data connection that has not begun by then will not: Zeek's `ftp_data_expiration`.
    private static let patience = Interval(seconds: 300)

    private var numbers: [Endpoint: Number] = [:]
    private var transfers: [Number: Transfer] = [:]
    private var last: Number
    private var lastAgreed = Timestamp.distantPast

    /// - Parameter number: below that of the first agreement.
    init(after number: Number = 0) { last = number }

    /// No data connection is awaited.
    var isEmpty: Bool { numbers.isEmpty }

    /// Whether the data connection of an agreement has not begun yet.
    func isAwaited(_ number: Number) -> Bool {
        transfers[number]?.ends.contains { numbers[$0] == number } ?? false
    }

    /// Notes an agreement; `ends` has one element, and behind address translation the announced and the real one.
    mutating func agree(_ ends: [Endpoint], at time: Timestamp) -> Number {
        (last, lastAgreed) = (last + 1, time)
        if last > Self.limit { forget(last - Self.limit) }
        for end in ends { numbers[end] = last }
        transfers[last] = Transfer(ends: ends, agreed: time)
        return last
    }

    /// Forgets a transfer.
    mutating func forget(_ number: Number) {
        stopWaiting(number)
        transfers[number] = nil
    }

    /// Forgets what is still awaited; transfers that have begun stay.
    private mutating func forgetAwaited() {
        for number in numbers.values { transfers[number] = nil }
        numbers = [:]
    }

    private mutating func stopWaiting(_ number: Number) {
        for end in transfers[number]?.ends ?? [] where numbers[end] == number { numbers[end] = nil }
    }

    /// Whether a connection opened to `end` was agreed upon; it is not awaited any longer then.
    mutating func open(_ end: Endpoint, at time: Timestamp) -> Number? {
        if time - lastAgreed > Self.patience { forgetAwaited() }
        guard let number = numbers[end], let transfer = transfers[number] else { return nil }
        stopWaiting(number)
        if time - transfer.agreed <= Self.patience { return number }
        transfers[number] = nil
        return nil
    }

    /// Whether a connection that ``open(_:at:)`` has found goes between those who have agreed upon it.
    func isExpected(_ number: Number, to end: Endpoint, from address: IPAddress) -> Bool {
        guard let expected = transfers[number]?.expected else { return false }
        return expected.end == end && expected.from == address
    }

    /// A transfer that is remembered; setting one that is not does nothing.
    subscript(_ number: Number) -> Transfer? {
        get { transfers[number] }
        set { if transfers[number] != nil { transfers[number] = newValue } }
    }
}
