import Shared
import Testing

@testable import Sensor

/// Segments that say different things about the same place: the first bytes seen stay, in order or not.
@Suite struct OverlapTests {
    /// The client's first byte is "T" at 101; what it says then is by place behind that.
    private static func talk(_ segments: [(place: Int, data: String)]) -> [String] {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T")
        for segment in segments { talk.client(0x18, UInt32(101 + segment.place), 501, segment.data) }
        return talk.end().pieces
    }

    @Test func whatBeginsEarlierReplacesNothing() {
        #expect(
            Self.talk([(4, "good"), (3, "?evil"), (1, "ab")])
                == ["piece:T", "piece:ab", "piece:?", "piece:good", "end:"])
    }

    @Test func whatReachesAroundFillsBothSides() {
        #expect(
            Self.talk([(4, "AB"), (2, "123456"), (1, "x")])
                == ["piece:T", "piece:x", "piece:12", "piece:AB", "piece:56", "end:"])
    }

    @Test func whatEndsLaterAddsItsEnd() {
        #expect(
            Self.talk([(3, "AB"), (3, "1234"), (6, "!!!!"), (1, "xy")])
                == ["piece:T", "piece:xy", "piece:AB", "piece:34", "piece:!!!", "end:"])
    }

    /// Any segments in any order, against a table of who said what first.
    @Test func theFirstBytesSeenStay() {
        var random = FixedRandom()
        for round in 0..<300 {
            var said: [Character?] = Array(repeating: nil, count: 40)
            said[0] = "T"
            let segments = (0..<12).map { index in
                let place = Int.random(in: 1..<30, using: &random)
                let length = Int.random(in: 1...10, using: &random)
                let letter = Character(UnicodeScalar(UInt8(97 + index)))
                for at in place..<(place + length) where said[at] == nil { said[at] = letter }
                return (place, String(repeating: letter, count: length))
            }
            let heard = Self.talk(segments).dropLast().flatMap { piece -> [Character?] in
                if piece.hasPrefix("hole:") { return Array(repeating: nil, count: Int(piece.dropFirst(5))!) }
                return piece.dropFirst(6).map { $0 }
            }
            let end = said.lastIndex { $0 != nil }! + 1
            #expect(heard == Array(said[..<end]), "round \(round): \(segments)")
        }
    }

    /// Of what the capture has cut, what was captured stays, and only the rest is missing.
    @Test func cutSegmentsKeepWhatTheyHave() {
        var talk = PacketScript()
        talk.handshake()
        talk.client(0x18, 101, 501, "T")
        let segment = PacketBytes.tcp(
            from: 1000, to: 80, sequence: 106, acknowledgement: 501, flags: 0x18, Array("wxyz".utf8))
        let cut = PacketBytes.ipv4(6, segment)
        talk.send(Array(cut.dropLast(2)), wireLength: cut.count)
        talk.client(0x18, 104, 501, "12345678")
        talk.client(0x18, 102, 501, "ab")
        #expect(
            talk.end().pieces
                == ["piece:T", "piece:ab", "piece:12", "piece:wx", "hole:2", "piece:78", "end:"])
    }
}
