import Shared
import Testing

@testable import Sensor

@Suite struct SIPAnalyzerTests {
    /// RFC 3261 section 7.5: line ends in front of a message are passed over; some clients send zeros with them.
    @Test(arguments: ["\r\n\r\n", "\r\n\r\n\0\0", "\0\0\0\0", ""])
    func whatIsInFrontOfAMessageMeansNothing(front: String) {
        let text = front + "REGISTER sip:192.0.2.1:5060 SIP/2.0\r\nCall-ID: 7\r\n\r\n"
        let payload = Array(text.utf8)
        #expect(SIPAnalyzer.probe(payload.span.bytes, from: .originator) == .match)
        for transport in [Transport.udp, .tcp] {
            var harness = AnalyzerHarness(SIPAnalyzer.self, transport: transport, responderPort: 5060)
            harness.feed(payload, from: .originator)
            harness.finish()
            let found = harness.records(SIPRecord.kind)
            #expect(found.map { $0[Records.sip.method] } == ["REGISTER"])
            #expect(found.map { $0[Records.sip.callId] } == ["7"])
        }
    }

    @Test func zerosAloneAreNoMessage() {
        let zeros = [UInt8](repeating: 0, count: 200)
        #expect(SIPAnalyzer.probe(zeros.span.bytes, from: .originator) == .noMatch)
        let many = zeros + Array("REGISTER sip:a SIP/2.0\r\n\r\n".utf8)
        #expect(SIPAnalyzer.probe(many.span.bytes, from: .originator) == .noMatch)
    }

    private static func message(_ first: String, call: String, sequence: String) -> [UInt8] {
        Array("\(first)\r\nVia: SIP/2.0/UDP a\r\nCall-ID: \(call)\r\nCSeq: \(sequence)\r\n\r\n".utf8)
    }

    /// What the records of a telephone's one connection tell: method, call and status.
    private static func told(_ messages: [(Side, [UInt8])]) -> [String] {
        var harness = AnalyzerHarness(SIPAnalyzer.self, transport: .udp, responderPort: 5060)
        for (side, message) in messages { harness.feed(message, from: side) }
        harness.finish()
        return harness.records(SIPRecord.kind).map { record in
            let status = record[Records.sip.statusCode].map { "\($0)" } ?? "-"
            return "\(record[Records.sip.method] ?? "-") \(record[Records.sip.callId] ?? "-") \(status)"
        }
    }

    /// RFC 3261 section 17.1.3: a response belongs to the transaction that it names, though others are under way.
    @Test func responsesFindTheirRequestsAmongOthers() {
        let found = Self.told([
            (.originator, Self.message("REGISTER sip:x SIP/2.0", call: "r", sequence: "1 REGISTER")),
            (.originator, Self.message("INVITE sip:b@x SIP/2.0", call: "i", sequence: "5 INVITE")),
            (.responder, Self.message("SIP/2.0 401 Unauthorized", call: "r", sequence: "1  REGISTER")),
            (.originator, Self.message("REGISTER sip:x SIP/2.0", call: "r", sequence: "2 REGISTER")),
            (.responder, Self.message("SIP/2.0 407 Proxy Authentication Required", call: "i", sequence: "5 INVITE")),
            (.responder, Self.message("SIP/2.0 200 OK", call: "r", sequence: "2 REGISTER")),
        ])
        #expect(found == ["REGISTER r 401", "INVITE i 407", "REGISTER r 200"])
    }

    /// Section 9.1: a CANCEL has the number of its INVITE. Zeek tells them in one, whatever else is under way.
    @Test func aCancelledCallIsToldAsOne() {
        let found = Self.told([
            (.originator, Self.message("INVITE sip:b@x SIP/2.0", call: "i", sequence: "5 INVITE")),
            (.responder, Self.message("SIP/2.0 180 Ringing", call: "i", sequence: "5 INVITE")),
            (.originator, Self.message("CANCEL sip:b@x SIP/2.0", call: "i", sequence: "5 CANCEL")),
            (.originator, Self.message("REGISTER sip:x SIP/2.0", call: "r", sequence: "1 REGISTER")),
            (.responder, Self.message("SIP/2.0 200 canceling", call: "i", sequence: "5 CANCEL")),
            (.responder, Self.message("SIP/2.0 401 Unauthorized", call: "r", sequence: "1 REGISTER")),
            (.responder, Self.message("SIP/2.0 487 Request Terminated", call: "i", sequence: "5 INVITE")),
            (.originator, Self.message("ACK sip:b@x SIP/2.0", call: "i", sequence: "5 ACK")),
        ])
        #expect(found == ["INVITE i 180", "CANCEL i 200", "REGISTER r 401", "- i 487", "ACK i -"])
    }

    /// RFC 3261 section 7.1: a method may be any token, and what is no line of a request ends the analysis of a stream.
    @Test(arguments: [Transport.udp, .tcp]) func methodsOfExtensionsAreRead(transport: Transport) {
        var harness = AnalyzerHarness(SIPAnalyzer.self, transport: transport, responderPort: 5060)
        let methods = ["REGISTER", "SERVICE", "x-Do.it!", "INVITE"]
        for (index, method) in methods.enumerated() {
            let sequence = "\(index) \(method)"
            harness.feed(Self.message("\(method) sip:a@x SIP/2.0", call: "c", sequence: sequence), from: .originator)
            harness.feed(Self.message("SIP/2.0 200 OK", call: "c", sequence: sequence), from: .responder)
        }
        #expect(harness.records(SIPRecord.kind).map { $0[Records.sip.method] } == methods)
        #expect(harness.records(SIPRecord.kind).allSatisfy { $0[Records.sip.statusCode] == 200 })
        harness.feed("two words sip:a SIP/1.0\r\nand further lines of something else\r\n\r\n", from: .originator)
        #expect((harness.failure == nil) == (transport == .udp))
    }

    /// RFC 3261 section 19.1.1: a URI may have a password behind the user, which records do not show.
    @Test(arguments: [
        ("<sip:bob:hunter2@b.example>", "<sip:bob:<hidden>@b.example>"),
        ("Bob <SIPS:bob:a;b?c@b.example:5061;x=y>", "Bob <SIPS:bob:<hidden>@b.example:5061;x=y>"),
        ("sip:a:b@c, <sip:d:e@f>", "sip:a:<hidden>@c, <sip:d:<hidden>@f>"),
        ("sip:bob@b.example:5060", "sip:bob@b.example:5060"), ("sip:b.example:5060", "sip:b.example:5060"),
        ("sip:b.example:5060;maddr=x@y", "sip:b.example:5060;maddr=x@y"),
        ("<sip:[2001:db8::7]:5060>;x=a@b", "<sip:[2001:db8::7]:5060>;x=a@b"),
        ("gossip:a:b@c", "gossip:a:b@c"), ("tel:+49:1@x", "tel:+49:1@x"), ("sip:bob:x", "sip:bob:x"),
    ])
    func passwordsInAddressesAreNotShown(value: String, shown: String) {
        let bytes = Array(value.utf8)
        #expect(SIPAddress.text(bytes.span.bytes) == shown)
        var harness = AnalyzerHarness(SIPAnalyzer.self, transport: .udp, responderPort: 5060)
        let headers = "From: \(value)\r\nTo: \(value)\r\nReply-To: \(value)\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n\r\n"
        harness.feed("BYE sip:me:secret@h SIP/2.0\r\n" + headers, from: .originator)
        harness.feed("SIP/2.0 200 OK\r\n" + headers, from: .responder)
        let record = harness.records(SIPRecord.kind).first
        #expect(record?[Records.sip.uri] == "sip:me:<hidden>@h")
        for field in [
            Records.sip.requestFrom, Records.sip.requestTo, Records.sip.responseFrom, Records.sip.responseTo,
            Records.sip.replyTo,
        ] { #expect(record?[field] == shown) }
    }

    /// The requests of a scanner that nobody answers are each told, and a repetition is not.
    @Test func requestsWithoutAnswersAreEachTold() {
        let requests = (0..<100).map { index in
            Self.message("OPTIONS sip:x SIP/2.0", call: "c\(index)", sequence: "1 OPTIONS")
        }
        let found = Self.told((requests + [requests[99]]).map { (.originator, $0) })
        #expect(found == (0..<100).map { "OPTIONS c\($0) -" })
    }

    /// Each is told with all that its request said: many small ones would make a lot of a little.
    @Test func provisionalResponsesAreToldABoundedNumberOfTimes() {
        let request = Self.message("INVITE sip:b@x SIP/2.0", call: "i", sequence: "5 INVITE")
        let ringing = Self.message("SIP/2.0 180 Ringing", call: "i", sequence: "5 INVITE")
        let end = Self.message("SIP/2.0 200 OK", call: "i", sequence: "5 INVITE")
        let found = Self.told(
            [(.originator, request)] + Array(repeating: (.responder, ringing), count: 1000) + [(.responder, end)])
        #expect(found.count == 17)
        #expect(found.last == "INVITE i 200")
    }

    /// What is asked and never answered takes a bounded part of memory, and is counted.
    @Test func openRequestsAreCountedAndBounded() {
        var harness = AnalyzerHarness(SIPAnalyzer.self, transport: .udp, responderPort: 5060)
        let long = String(repeating: "x", count: 900)
        for number in 1...40 {
            harness.feed(
                "OPTIONS sip:\(long)@h SIP/2.0\r\nCall-ID: \(number)\r\nCSeq: \(number) OPTIONS\r\nFrom: \(long)\r\n"
                    + "To: \(long)\r\nSubject: \(long)\r\nUser-Agent: \(long)\r\n\r\n", from: .originator)
        }
        #expect(harness.analyzer.heldBytes > 10 * 4500)
        #expect(harness.analyzer.heldBytes <= 64 << 10)
        harness.finish()
        #expect(harness.records(SIPRecord.kind).count == 40)
    }

    /// Blank lines in front of a datagram keep a translation open; more of them than anybody sends hide what is behind,
    /// and end nothing else.
    @Test(arguments: [0, 1, 64, 65, 66, 127, 128, 129, 700])
    func blankLinesInFrontOfADatagramEndNothing(count: Int) {
        for blank in ["\n", "\r\n", "\0"] {
            var harness = AnalyzerHarness(SIPAnalyzer.self, transport: .udp, responderPort: 5060)
            let front = Array([[UInt8]](repeating: Array(blank.utf8), count: count).joined().prefix(count))
            for line in ["BYE sip:b@x SIP/2.0", "SIP/2.0 200 OK"] {
                harness.feed(front + Self.message(line, call: "p", sequence: "5 BYE"), from: .originator)
            }
            harness.feed(Self.message("BYE sip:b@x SIP/2.0", call: "q", sequence: "6 BYE"), from: .originator)
            harness.finish()
            let calls = harness.records(SIPRecord.kind).map { $0[Records.sip.callId] }
            #expect(calls.last == "q")
            #expect(calls.contains("p") == (count <= 64))
        }
    }
}
