import Shared

@testable import Sensor

/// What a connection's datagrams are told as.
extension QUICWire {
    static func read(_ datagrams: [(Side, [UInt8])]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        for (side, datagram) in datagrams { harness.feed(datagram, from: side) }
        harness.finish()
        return harness
    }

    static func histories(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(QUICRecord.kind).map { $0[Records.quic.history] }
    }

    static func letters(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(SSLRecord.kind).map { $0[Records.ssl.sslHistory] }
    }
}
