public import Shared

/// Which end of a connection sent something.
public enum Side: UInt8, Sendable {
    case originator, responder
    @inlinable public var other: Side { self == .originator ? .responder : .originator }
}

/// What an analyzer thinks of the first bytes of one side.
public enum ProbeResult: Sendable { case match, noMatch, needMore }

/// What an analyzer wants after it was given bytes.
public enum Progress: Sendable {
    /// More of the stream.
    case wantMore
    /// Nothing more: the rest of the connection is only counted.
    case finished
    /// What follows is another protocol (STARTTLS, CONNECT, SOCKS): the next bytes of either side are probed anew.
    case handOver
}

/// One application protocol on one connection.
///
/// An analyzer is a value owned by its flow and changed in place. Of TCP it gets the reassembled bytes of each side in
/// order, in pieces of any size; of UDP one datagram a call (of those that were held, the beginning). What it must
/// remember of partial messages it buffers itself, with a bound. It cannot crash and cannot allocate without a bound:
/// every byte may be hostile.
public protocol ProtocolAnalyzer: SendableMetatype {
    /// Zeek's name of the service (`dns`, `ssl`, ...).
    static var service: StaticString { get }
    /// The transports on which it may occur.
    static var transports: Transports { get }
    /// Decides from payload bytes at the start of a stream, or at any later segment when the connection was picked
    /// up in its middle. Pure and allocation-free; must not look at ports.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult
    /// Decides from an answer to what the other side said, where that alone may be another protocol's and
    /// ``probe(_:from:)`` said `.needMore` of it: asked of those in ``AnalyzerRegistry/toldByAnswers``.
    static func probe(_ answer: RawSpan, from side: Side, to question: RawSpan) -> ProbeResult
    /// Datagrams of one side that it must see to decide. Above 1, ``probe(_:from:)`` says `.needMore` of a datagram
    /// that may be its own; such datagrams are held until ``probe(_:datagramsFrom:)`` recognises them together.
    static var fewestDatagrams: Int { get }
    /// Decides from the held datagrams of one side, of which only the beginnings were kept. Pure and allocation-free.
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult
    /// Whether its conversations over UDP are questions and answers, and over soon: ``FlowSettings/questionTimeout``.
    static var asksQuestions: Bool { get }
    init()
    /// Takes the next bytes of one side.
    /// - Throws: ``DecodeError`` when the stream is not what it claims to be. The flow counts a `weird`. Where the
    ///   connection was picked up in its middle or has lost bytes, the analyzer is then told to skip what it did not
    ///   take; elsewhere ``finish(into:)`` is called, and the analyzer dropped.
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress
    /// Tells that `byteCount` bytes of one side were lost and will not come.
    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress
    /// Bytes of memory that it holds of messages that are not whole, and of what works on content. The flow table
    /// bounds what all of a worker hold together.
    var heldBytes: Int { get }
    /// The connection has ended, or this analyzer wants nothing more of it: write what is complete enough to tell.
    mutating func finish(into sink: inout RecordSink)
}

extension ProtocolAnalyzer {
    public static var transports: Transports { .tcp }
    public static func probe(_ answer: RawSpan, from side: Side, to question: RawSpan) -> ProbeResult { .noMatch }
    public static var fewestDatagrams: Int { 1 }
    public static var asksQuestions: Bool { false }
    public static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult { .noMatch }
    /// By default a stream with a hole is given up.
    public mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress { .finished }
    public mutating func finish(into sink: inout RecordSink) {}
    public var heldBytes: Int { 0 }
}

/// Transports that an analyzer may be found on.
public struct Transports: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let tcp = Transports(rawValue: 1)
    public static let udp = Transports(rawValue: 2)
}
