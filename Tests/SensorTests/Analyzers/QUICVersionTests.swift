import Shared
import Testing

@testable import Sensor

/// QUIC in versions that are made up, drafts, or gone over to.
@Suite struct QUICVersionTests {
    private static func read(_ datagrams: [(Side, [UInt8])]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        for (side, datagram) in datagrams { harness.feed(datagram, from: side) }
        harness.finish()
        return harness
    }

    private static func histories(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(QUICRecord.kind).map { $0[Records.quic.history] }
    }

    @Test(arguments: [
        (QUICWire.secondsFirstDraft, "unknown-ff020000"), (QUICWire.secondsLaterDraft, "unknown-709a50c4"),
    ]) func draftsOfVersion2AreOpened(packet: [UInt8], version: String) {
        #expect(QUICAnalyzer.probe(packet.span.bytes, from: .originator) == .match)
        let found = Self.read([(.originator, packet)])
        #expect(Self.histories(found) == ["IS"])
        let quic = found.records(QUICRecord.kind).first
        // Zeek has no names for them.
        #expect(quic?[Records.quic.version] == version)
        #expect(quic?[Records.quic.serverName] == "srv.example")
    }
}
