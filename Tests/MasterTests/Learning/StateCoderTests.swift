import Shared
import Testing

@testable import Master

@Suite struct StateCoderTests {
    struct Sample: StateCoded, Equatable {
        var number = 0
        var text = ""
        var table: [String: Double] = [:]
        var time = Timestamp()
        var maybe: String?
        mutating func code(_ coder: inout StateCoder) {
            coder.code(&number)
            coder.code(&text)
            coder.code(&table)
            coder.code(&time)
            coder.code(&maybe)
        }
    }

    static let sample = Sample(
        number: -123_456_789, text: "営業部", table: ["a": 1.5, "b": -2], time: Timestamp(nanoseconds: -5), maybe: "x")

    @Test func whatIsWrittenIsRead() {
        var sample = Self.sample
        var coder = StateCoder(reading: StateCoder.encode(&sample))
        var read = Sample()
        read.code(&coder)
        #expect(read == Self.sample)
        #expect(!coder.isBroken)
    }

    @Test func everyCutIsNoticed() {
        var sample = Self.sample
        let bytes = StateCoder.encode(&sample)
        for length in 0..<bytes.count {
            var coder = StateCoder(reading: Array(bytes[..<length]))
            var read = Sample()
            read.code(&coder)
            #expect(coder.isBroken)
        }
    }
}
