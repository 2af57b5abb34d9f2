import Shared
import Testing

@testable import Sensor

/// FTP's data connections, which nothing but the control connection tells from others.
@Suite struct FTPDataTests {
    private static let now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    private static func end(_ address: String, _ port: UInt16) throws -> DataChannels.Endpoint {
        DataChannels.Endpoint(address: try #require(IPAddress(address)), port: port)
    }

    @Test func anAgreementIsForOneConnection() throws {
        var channels = DataChannels()
        let (seen, announced) = try (Self.end("203.0.113.5", 2021), Self.end("10.0.0.5", 2021))
        let number = channels.agree([seen, announced], at: Self.now)
        #expect(!channels.isEmpty)
        #expect(channels.open(try Self.end("203.0.113.5", 2022), at: Self.now) == nil)
        #expect(channels.open(announced, at: Self.now + Interval(seconds: 2)) == number)
        #expect(channels.open(seen, at: Self.now) == nil && channels.isEmpty)
        channels[number]?.filename = "report.pdf"
        #expect(channels[number]?.filename == "report.pdf")
    }

    @Test func whatDoesNotBeginIsForgotten() throws {
        var channels = DataChannels()
        let end = try Self.end("203.0.113.5", 2021)
        _ = channels.agree([end], at: Self.now)
        #expect(channels.open(end, at: Self.now + Interval(seconds: 301)) == nil)
        #expect(channels.isEmpty)
    }

    /// New connections are asked about only while something is awaited: what never begins must not make that for ever.
    @Test func whatNeverBeginsIsNotAwaitedForEver() throws {
        var channels = DataChannels()
        let begun = channels.agree([try Self.end("203.0.113.5", 2021)], at: Self.now)
        let never = channels.agree([try Self.end("203.0.113.5", 2022)], at: Self.now)
        #expect(channels.open(try Self.end("203.0.113.5", 2021), at: Self.now) == begun)
        let other = try Self.end("203.0.113.9", 80)
        #expect(channels.open(other, at: Self.now + Interval(seconds: 299)) == nil && !channels.isEmpty)
        #expect(channels.open(other, at: Self.now + Interval(seconds: 301)) == nil && channels.isEmpty)
        // A transfer that has begun goes on.
        #expect(channels[never] == nil && channels[begun] != nil)
    }

    /// A server that agrees upon data connections and never opens one.
    @Test func agreementsWithoutEndTakeNoMoreMemory() throws {
        var channels = DataChannels()
        let address = try #require(IPAddress("203.0.113.5"))
        let count = 3 * DataChannels.limit
        for index in 0..<count {
            _ = channels.agree([.init(address: address, port: UInt16(1024 + index))], at: Self.now)
        }
        let last = UInt16(1024 + count - 1)
        #expect(channels[count - DataChannels.limit] == nil && channels[count - DataChannels.limit + 1] != nil)
        #expect(channels.open(.init(address: address, port: 1024), at: Self.now) == nil)
        #expect(channels.open(.init(address: address, port: last), at: Self.now) == count)
    }

    @Test(arguments: [
        ("220 Private system\r\n331 Password please\r\n", ProbeResult.match),
        ("220-Welcome\r\n220 FTP ready\r\n", .match),
        ("AUTH TLS\r\n", .match), ("220 mail ESMTP\r\n", .noMatch), ("220 Private system\r\n", .needMore),
        ("220 mail\r\n250-PIPELINING\r\n", .needMore), ("AUTH LOGIN\r\n", .noMatch),
    ])
    func greetingsAreToldFromThoseOfMail(text: String, expected: ProbeResult) {
        let bytes = Array(text.utf8)
        #expect(FTPAnalyzer.probe(bytes.span.bytes, from: .responder) == expected)
    }
}
