import Shared
import Testing

@testable import Sensor

/// Which interface a call is of, however many contexts there are (C706 section 12.6.4.3).
@Suite struct DCERPCContextsTests {
    typealias Exchange = [(side: Side, pdu: [UInt8])]

    /// Security accounts (MS-SAMR section 1.9) and one that nobody knows, with a number at its end.
    static let samr = Wire.hex("78573412 3412 CDAB EF00 0123456789AC 01000000")
    static func unknown(_ number: UInt16) -> [UInt8] {
        Wire.hex("EFBEADDE 0000 0000 0000 00000000") + bytes(number) + Wire.hex("01000000")
    }

    private static func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number & 0xFF), UInt8(number >> 8)] }

    /// bind or alter_context, with NDR as the transfer syntax.
    static func offer(_ type: UInt8, _ contexts: [(UInt16, [UInt8])], id: UInt8 = 1) -> [UInt8] {
        let syntax = Wire.hex("045D888A EB1C C911 9FE8 08002B104860 02000000")
        var items: [UInt8] = []
        for (number, interface) in contexts { items += bytes(number) + [1, 0] + interface + syntax }
        let head = Wire.hex("B810 B810 00000000") + [UInt8(contexts.count), 0, 0, 0]
        return DCERPCAuthenticationTests.pdu(type, head + items, id: id)
    }

    /// bind_ack or alter_context_resp: 0 accepts, 2 is the provider's rejection (C706 section 12.6.3.1).
    static func answer(_ type: UInt8, _ results: [UInt8], id: UInt8 = 1) -> [UInt8] {
        // The address has a length of two bytes, and zeros up to a multiple of four.
        let address = type == 12 ? Wire.hex("0400 313335 00 0000") : Wire.hex("0000 0000")
        var items: [UInt8] = []
        for result in results { items += [result] + [UInt8](repeating: 0, count: 23) }
        let head = Wire.hex("B810 B810 01000000") + address + [UInt8(results.count), 0, 0, 0]
        return DCERPCAuthenticationTests.pdu(type, head + items, id: id)
    }

    /// SamrEnumerateUsersInDomain (MS-SAMR section 3.1.5.2.5).
    static func call(_ context: UInt16) -> (side: Side, pdu: [UInt8]) {
        let head = Wire.hex("00000000") + bytes(context) + Wire.hex("0D00")
        return (.originator, DCERPCAuthenticationTests.pdu(0, head, id: 9))
    }

    static func endpoints(_ exchange: Exchange) -> [String?] {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        for (side, pdu) in exchange { harness.feed(pdu, from: side) }
        harness.finish()
        #expect(harness.failure == nil)
        return harness.records(DCERPCRecord.kind).map { $0[Records.dceRpc.endpoint] }
    }

    @Test(arguments: [false, true]) func manyRefusedContextsHideNoCalls(isAnswered: Bool) {
        var exchange: Exchange = []
        for type in [11, 14] as [UInt8] {
            let first: UInt16 = type == 11 ? 0 : 255
            let refused = (first..<(first + 255)).map { ($0, Self.unknown($0)) }
            exchange.append((.originator, Self.offer(type, refused)))
            if isAnswered { exchange.append((.responder, Self.answer(type + 1, [UInt8](repeating: 2, count: 255)))) }
        }
        exchange.append((.originator, Self.offer(14, [(600, Self.samr)])))
        if isAnswered { exchange.append((.responder, Self.answer(15, [0]))) }
        #expect(Self.endpoints(exchange + [Self.call(600)]) == ["samr"])
    }

    @Test func allOfManyContextsAreKnown() {
        var exchange: Exchange = []
        for number in 0..<300 as Range<UInt16> {
            exchange.append((.originator, Self.offer(number == 0 ? 11 : 14, [(number, Self.samr)])))
            exchange.append((.responder, Self.answer(number == 0 ? 12 : 15, [0])))
        }
        exchange += [Self.call(0), Self.call(10), Self.call(299), Self.call(300)]
        #expect(Self.endpoints(exchange) == ["samr", "samr", "samr"])
    }

    /// What a context means changes once the server says so, and not when it refuses that in one way or the other.
    @Test func aRefusedChangeHidesNoCalls() {
        let begin: Exchange = [
            (.originator, Self.offer(11, [(7, Self.unknown(1)), (0, Self.samr)])),
            (.responder, Self.answer(12, [2, 0])), (.originator, Self.offer(14, [(0, Self.unknown(2))], id: 2)),
        ]
        let fault = DCERPCAuthenticationTests.pdu(3, Wire.hex("00000000 00000000 05000000 00000000"), id: 2)
        let call = Self.call(0)
        #expect(Self.endpoints(begin + [call, (.responder, Self.answer(15, [2], id: 2))]) == ["samr"])
        #expect(Self.endpoints(begin + [(.responder, Self.answer(15, [2], id: 2)), call]) == ["samr"])
        #expect(Self.endpoints(begin + [(.responder, fault), call]) == ["samr"])
        let changed = "unknown-deadbeef-0000-0000-0000-000000000200"
        #expect(Self.endpoints(begin + [(.responder, Self.answer(15, [0], id: 2)), call]) == [changed])
    }

    /// An answer that is cut refuses nothing behind its end.
    @Test func theResultsOfAnAnswerMayBeCut() {
        let offer = Self.offer(11, [(0, Self.samr), (1, Self.samr)])
        let results = Self.answer(12, [2, 0])
        // What is cut inside of the address is no PDU.
        for count in 32..<results.count {
            let answer = DCERPCAuthenticationTests.pdu(12, Array(results[16..<count]))
            let found = Self.endpoints([(.originator, offer), (.responder, answer), Self.call(1)])
            #expect(found == ["samr"], "\(count)")
        }
    }

    @Test func whatManyContextsTakeIsBoundAndCounted() throws {
        var contexts = DCERPCContexts()
        let empty = contexts.heldBytes
        for first in stride(from: 0, to: 65_280, by: 255) {
            // The interfaces of the first few are all different.
            let offer = (first..<(first + 255)).map { (number: Int) -> (UInt16, [UInt8]) in
                (UInt16(number), number < 2048 ? Self.unknown(UInt16(number)) : Self.samr)
            }
            try contexts.offer(Self.offer(14, offer))
        }
        #expect(contexts[100]?.name == "unknown-deadbeef-0000-0000-0000-000000006400")
        #expect(contexts[2047]?.name.hasPrefix("unknown") == true)
        #expect(contexts[65_000]?.name == "samr")
        #expect(contexts.heldBytes > empty + 65_280 * 4)
        #expect(contexts.heldBytes < 1 << 20)
    }

    /// Clients that number all calls alike, of which only one direction is seen.
    @Test func callsWithOneNumberAreEachTold() {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        harness.feed(Self.offer(11, [(0, Self.samr)]), from: .originator)
        let operations: [UInt8] = [64, 6, 5, 7, 13]
        for operation in operations {
            harness.feed(DCERPCAuthenticationTests.pdu(0, [0, 0, 0, 0, 0, 0, operation, 0]), from: .originator)
        }
        harness.finish()
        let found = harness.records(DCERPCRecord.kind)
        #expect(
            found.map { $0[Records.dceRpc.operation] } == [
                "SamrConnect5", "SamrEnumerateDomainsInSamServer", "SamrLookupDomainInSamServer", "SamrOpenDomain",
                "SamrEnumerateUsersInDomain",
            ])
        #expect(found.allSatisfy { $0[Records.dceRpc.rtt] == nil })
    }
}
