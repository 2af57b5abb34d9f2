import Shared
import Testing

@testable import Sensor

@Suite struct ModbusAnalyzerTests {
    static func message(_ id: UInt8, _ data: String) -> [UInt8] {
        let data = Wire.hex(data)
        return Wire.join([0, id, 0, 0, 0, UInt8(data.count + 1), 1], data)
    }

    /// Application protocol V1.1b3 section 7: an answer with the highest bit is an exception; of a function that nobody
    /// knows it may be a function itself.
    @Test func unknownFunctionsAreTold() {
        var harness = AnalyzerHarness(ModbusAnalyzer.self, responderPort: 502)
        harness.feed(Self.message(1, "1D 0000"), from: .originator)
        harness.feed(Self.message(1, "9C 01"), from: .responder)
        harness.feed(Self.message(2, "03 0000 0001"), from: .originator)
        harness.feed(Self.message(2, "83 02"), from: .responder)
        let found = harness.records(ModbusRecord.kind)
        #expect(
            found.map { $0[Records.modbus.func] } == [
                "unknown-29", "unknown-156", "READ_HOLDING_REGISTERS", "READ_HOLDING_REGISTERS_EXCEPTION",
            ])
        #expect(found.map { $0[Records.modbus.exception] } == [nil, nil, nil, "ILLEGAL_DATA_ADDRESS"])
    }

    /// Functions of other makers, in Zeek's spelling.
    @Test func functionsOfMakersAreNamed() {
        var harness = AnalyzerHarness(ModbusAnalyzer.self, responderPort: 502)
        for function in ["29", "5B", "7F"] { harness.feed(Self.message(1, function + "00"), from: .originator) }
        #expect(
            harness.records(ModbusRecord.kind).map { $0[Records.modbus.func] } == [
                "MULTIPLE_FUNCTION_CODES", "OBJECT_MESSAGING", "REPORT_LOCAL_ADDRESS",
            ])
    }

    /// Application protocol V1.1b3 sections 6.1, 6.3, 6.6 and 6.12: requests and answers, and what only begins alike.
    @Test(arguments: [
        ("03 0000 0001", true), ("03 02 1234", true), ("03 02 12", false), ("03 0000", false), ("06 0001 0003", true),
        ("06 0001", false), ("10 0001 0002 04 000A 0102", true), ("10 0001 0002 04 000A", false),
        ("10 0001 0002", true), ("0D 0000 0001", false), ("5A 0002", true),
    ])
    func messagesHaveTheirFunctionsShape(data: String, isOne: Bool) {
        let message = Self.message(1, data)
        #expect((ModbusAnalyzer.probe(message.span.bytes, from: .originator) == .match) == isOne)
    }

    /// What Schneider Electric's programs send (function 90) is longer than the specification has it (section 4.1).
    static func long(_ id: UInt8, _ function: UInt8, count: Int) -> [UInt8] {
        let length = count + 2
        let data = [UInt8](repeating: 0, count: count)
        return [0, id, 0, 0, UInt8(length >> 8), UInt8(length & 0xFF), 1, function] + data
    }

    @Test func messagesMayBeLong() {
        let stream = Self.message(1, "03 0000 0001") + Self.long(2, 0x5A, count: 1022) + Self.message(3, "06 0001 0003")
        for place in 0...stream.count {
            var harness = AnalyzerHarness(ModbusAnalyzer.self, responderPort: 502)
            harness.feed(Array(stream[..<place]), from: .responder)
            harness.feed(Array(stream[place...]), from: .responder)
            #expect(harness.failure == nil)
            let records = harness.records(ModbusRecord.kind)
            #expect(records.map { $0[Records.modbus.tid] } == [1, 2, 3])
            #expect(
                records.map { $0[Records.modbus.func] } == [
                    "READ_HOLDING_REGISTERS", "PROGRAM_UNITY", "WRITE_SINGLE_REGISTER",
                ])
        }
    }

    /// A length of 65,535 in a message of section 6: the commands behind it are told all the same.
    private static func falsified(_ data: String) -> [UInt8] {
        var message = message(9, data)
        (message[4], message[5]) = (0xFF, 0xFF)
        return message
    }

    @Test(arguments: [
        ("05 0007 FF00", Side.originator), ("05 0007 FF00", .responder), ("03 0000 0001", .originator),
        ("03 02 1234", .responder), ("10 0001 0001 02 000A", .originator), ("10 0001 0001", .responder),
        ("85 02", .responder), ("87 02", .responder),
    ])
    func aFalseLengthHidesNothing(data: String, side: Side) {
        let stream = Self.message(1, "06 0001 0003") + Self.falsified(data) + Self.message(2, "05 0001 FF00")
        for place in 0...stream.count {
            var harness = AnalyzerHarness(ModbusAnalyzer.self, responderPort: 502)
            harness.feed(Array(stream[..<place]), from: side)
            harness.feed(Array(stream[place...]), from: side)
            harness.feed(Self.message(3, "05 0002 FF00"), from: side)
            #expect(harness.failure == nil)
            #expect(harness.records(ModbusRecord.kind).map { $0[Records.modbus.tid] } == [1, 9, 2, 3])
            let weirds = harness.records(WeirdRecord.kind).map { $0[Records.weird.name] }
            #expect(weirds == ["modbus_false_length"])
        }
    }

    /// Of functions whose data does not tell how long it is, the next segment begins anew.
    @Test(arguments: ["07", "08 0001 0000", "2B 0E 01 00"])
    func behindAFalseLengthTheNextSegmentCounts(data: String) {
        for place in 8...Self.falsified(data).count {
            var harness = AnalyzerHarness(ModbusAnalyzer.self, responderPort: 502)
            harness.feed(Array(Self.falsified(data)[..<place]), from: .originator)
            harness.feed(Array(Self.falsified(data)[place...]), from: .originator)
            for id in 1...3 { harness.feed(Self.message(UInt8(id), "05 0001 FF00"), from: .originator) }
            #expect(harness.failure == nil)
            #expect(harness.records(ModbusRecord.kind).map { $0[Records.modbus.tid] } == [9, 1, 2, 3])
            #expect(harness.records(WeirdRecord.kind).count == 1)
        }
    }

    /// Gateways read more registers at once than section 6.3 allows: 127, whose length fits.
    @Test func aLongAnswerThatFitsIsNoFalseOne() {
        let answer = [0, 1, 0, 0, 1, 1, 1, 3, 254] + [UInt8](repeating: 0, count: 254)
        var harness = AnalyzerHarness(ModbusAnalyzer.self, responderPort: 502)
        harness.feed(answer + Self.message(2, "03 02 1234"), from: .responder)
        #expect(harness.records(ModbusRecord.kind).map { $0[Records.modbus.tid] } == [1, 2])
        #expect(harness.records(WeirdRecord.kind).isEmpty)
    }

    /// With others, it is too little to go by.
    @Test(arguments: [(0x5A as UInt8, 1022, true), (0x5A, 4000, false), (0x2B, 1022, false), (0x2B, 252, true)])
    func aLongMessageMayBeTheFirst(function: UInt8, count: Int, isOne: Bool) {
        let message = Self.long(1, function, count: count)
        #expect((ModbusAnalyzer.probe(message.span.bytes, from: .originator) == .match) == isOne)
    }

    @Test func theHeaderMayComeByItself() {
        let header = Array(Self.message(1, "03 0000 0001").prefix(7))
        #expect(ModbusAnalyzer.probe(header.span.bytes, from: .originator) == .needMore)
    }

    @Test func anUnknownFunctionMayBeTheFirst() {
        let whole = Self.message(1, "1D 0000 0001")
        #expect(ModbusAnalyzer.probe(whole.span.bytes, from: .originator) == .match)
        // With anything behind it, it is too little to go by.
        let longer = whole + [0, 0, 0, 0]
        #expect(ModbusAnalyzer.probe(longer.span.bytes, from: .originator) == .noMatch)
        let none = Self.message(1, "00 0000 0001")
        #expect(ModbusAnalyzer.probe(none.span.bytes, from: .originator) == .noMatch)
    }
}
