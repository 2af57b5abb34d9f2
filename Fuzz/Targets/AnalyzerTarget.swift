@testable import Sensor
import Shared

/// Any one analyzer, given both sides of a connection.
///
/// Input: a byte of manners (UDP, where the analyzer takes both; pieces whole, halved or byte by byte; a connection that
/// was picked up in its middle), then pieces: a byte (bit 0 the side, bit 1 lost instead of given), length (2), bytes.
struct AnalyzerTarget: FuzzTarget {
    let type: any ProtocolAnalyzer.Type

    /// The service; where another analyzer of the same service takes streams (`ssl`), with `-udp`.
    var name: String {
        let isShared = AnalyzerRegistry.all.filter { "\($0.service)" == "\(type.service)" }.count > 1
        return isShared && type.transports == .udp ? "\(type.service)-udp" : "\(type.service)"
    }

    /// Records that an analyzer may write without any byte to show for it.
    private static let freeRecords = 64
    /// Texts that it may write, for each byte that it was given and in any case: names of numbers and decoded text
    /// make several bytes of one.
    private static let (textBytesPerByte, freeTextBytes) = (256, 1 << 20)

    func run(_ input: UnsafeRawBufferPointer) {
        guard let manners = input.first else { return }
        var sink = RecordSink()
        sink.now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        sink.connection.originator = IPAddress(v4: 0x0A00_0001)
        sink.connection.responder = IPAddress(v4: 0xC000_0202)
        sink.connection.originatorPort = 40_000
        sink.connection.responderPort = 80
        sink.connection.start = sink.now
        sink.connection.identity = FlowIdentity(high: 7, low: 11)
        let isUDP = type.transports == .udp || (type.transports.contains(.udp) && manners & 1 == 1)
        sink.connection.transport = isUDP ? .udp : .tcp
        var analyzer = type.init()
        let isWhole = isUDP || manners & 6 == 0
        var held = HeldPayload()
        // As the flow table does: behind a few errors it goes on.
        var errorsLeft = manners & 8 == 0 ? 0 : 4
        do throws(DecodeError) {
            try Pieces.each(input.dropFirst()) { (side, bytes, lost) throws(DecodeError) -> Bool in
                sink.now = sink.now + .milliseconds(1)
                if lost > 0 { return try goesOn(analyzer.skip(lost, from: side, into: &sink)) }
                _ = type.probe(bytes.bytes, from: side)
                if type.fewestDatagrams > 1 {
                    held.append(datagram: bytes.bytes, from: side, at: sink.now)
                    _ = type.probe(held, datagramsFrom: side)
                    if held.count(side) >= HeldPayload.maximumDatagrams { held.remove(side) }
                }
                let step = isWhole ? max(1, bytes.count) : manners & 4 == 0 ? max(1, bytes.count / 2) : 1
                var offset = 0
                while offset < bytes.count {
                    let end = min(bytes.count, offset + step)
                    let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
                    do throws(DecodeError) {
                        guard try goesOn(analyzer.consume(part.bytes, from: side, into: &sink)) else { return false }
                    } catch {
                        guard errorsLeft > 0 else { throw error }
                        errorsLeft -= 1
                        let goesOn = isUDP ? true : try goesOn(analyzer.skip(part.count, from: side, into: &sink))
                        guard goesOn else { return false }
                    }
                    offset = end
                }
                return true
            }
        } catch {
            // What is not its protocol is given up: the flow counts it.
        }
        analyzer.finish(into: &sink)
        let batch = sink.batch
        precondition(batch.recordCount <= Self.freeRecords + input.count, "\(batch.recordCount) records")
        precondition(
            batch.strings.byteCount <= Self.freeTextBytes + Self.textBytesPerByte * input.count,
            "\(batch.strings.byteCount) bytes of text")
        Promises.travels(batch)
    }

    private func goesOn(_ progress: Progress) -> Bool {
        if case .wantMore = progress { true } else { false }
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        Conversations.of(fixture).compactMap { conversation in
            guard type.transports.contains(conversation.isUDP ? .udp : .tcp) else { return nil }
            // Its beginning, or where another protocol hands over; of what takes several datagrams, one that may be it.
            let first = conversation.pieces.prefix(40).firstIndex { piece in
                let answer = type.probe(piece.bytes.span.bytes, from: piece.side)
                return answer == .match || answer == .needMore && conversation.isUDP && type.fewestDatagrams > 1
            }
            return first.map { Pieces.seed(conversation.isUDP ? 1 : 0, conversation.pieces[$0...]) }
        }
    }
}

/// The pieces of an input.
enum Pieces {
    /// Longest seed.
    private static let seedLimit = 8192

    static func each(
        _ input: Slice<UnsafeRawBufferPointer>,
        _ body: (Side, UnsafeRawBufferPointer, Int) throws(DecodeError) -> Bool
    ) throws(DecodeError) {
        var rest = UnsafeRawBufferPointer(rebasing: input)
        while rest.count >= 3 {
            let head = rest[0]
            let length = Int(rest[1]) << 8 | Int(rest[2])
            let side: Side = head & 1 == 0 ? .originator : .responder
            if head & 2 != 0 {
                guard try body(side, UnsafeRawBufferPointer(rebasing: rest[0..<0]), length + 1) else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[3...])
            } else {
                let end = min(rest.count, 3 + length)
                guard try body(side, UnsafeRawBufferPointer(rebasing: rest[3..<end]), 0) else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[end...])
            }
        }
    }

    static func seed(_ manners: UInt8, _ pieces: ArraySlice<Conversations.Piece>) -> [UInt8] {
        var seed = [manners]
        for piece in pieces {
            if seed.count > 1, seed.count + piece.bytes.count > seedLimit { break }
            let bytes = piece.bytes.prefix(0xFFFF)
            seed += [piece.side.rawValue, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
        }
        return seed
    }
}
