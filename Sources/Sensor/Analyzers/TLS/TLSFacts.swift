internal import Shared

/// The fields of an `ssl` record as a handshake fills them.
struct TLSFacts: Sendable {
    var version: String?
    var cipher: String?
    var curve: String?
    var serverName: String?
    var isResumed = false
    var lastAlert: String?
    var nextProtocol: String?
    var ja3: String?
    var ja3s: String?
    var ja4: String?
    var clientALPN: [String]?
    private var serverChain = Chain()
    private var clientChain = Chain()

    /// What is kept of one side's certificates.
    private struct Chain: Sendable {
        var fingerprints: [String] = []
        var ids: [String] = []
        var leaf: Certificate?
    }

    /// Certificates of one side so far.
    func chainCount(isClient: Bool) -> Int { isClient ? clientChain.ids.count : serverChain.ids.count }

    mutating func add(_ certificate: Certificate, id: String, isLeaf: Bool, isClient: Bool) {
        if isClient {
            Self.add(certificate, id: id, isLeaf: isLeaf, to: &clientChain)
        } else {
            Self.add(certificate, id: id, isLeaf: isLeaf, to: &serverChain)
        }
    }

    private static func add(_ certificate: Certificate, id: String, isLeaf: Bool, to chain: inout Chain) {
        chain.fingerprints.append(certificate.fingerprint)
        chain.ids.append(id)
        if isLeaf { chain.leaf = certificate }
    }

    func write(at time: Timestamp, isEstablished: Bool, history: [UInt8], into sink: inout RecordSink) {
        let ssl = Records.ssl
        sink.begin(ssl, at: time)
        sink.batch.set(ssl.version, version)
        sink.batch.set(ssl.cipher, cipher)
        sink.batch.set(ssl.curve, curve)
        sink.batch.set(ssl.serverName, serverName)
        sink.batch.set(ssl.resumed, isResumed)
        sink.batch.set(ssl.lastAlert, lastAlert)
        sink.batch.set(ssl.nextProtocol, nextProtocol)
        sink.batch.set(ssl.established, isEstablished)
        sink.batch.set(ssl.sslHistory, history.isEmpty ? nil : String(decoding: history, as: UTF8.self))
        sink.batch.set(ssl.ja3, ja3)
        sink.batch.set(ssl.ja3s, ja3s)
        sink.batch.set(ssl.ja4, ja4)
        sink.batch.set(ssl.clientAlpn, clientALPN)
        writeCertificates(into: &sink)
        sink.end()
    }

    private func writeCertificates(into sink: inout RecordSink) {
        let ssl = Records.ssl
        if !serverChain.fingerprints.isEmpty {
            sink.batch.set(ssl.certChainFps, serverChain.fingerprints)
            sink.batch.set(ssl.certChainFuids, serverChain.ids)
        }
        if !clientChain.fingerprints.isEmpty {
            sink.batch.set(ssl.clientCertChainFps, clientChain.fingerprints)
            sink.batch.set(ssl.clientCertChainFuids, clientChain.ids)
        }
        if let leaf = serverChain.leaf {
            sink.batch.set(ssl.subject, leaf.subject)
            sink.batch.set(ssl.issuer, leaf.issuer)
            sink.batch.set(ssl.selfSigned, leaf.isSelfSigned)
            sink.batch.set(ssl.respCertificateSha1, leaf.sha1)
            sink.batch.set(ssl.sniMatchesCert, serverName.map { leaf.covers($0) })
            if leaf.looksLikeTor { sink.batch.set(ssl.looksLikeTor, true) }
        }
        if let leaf = clientChain.leaf {
            sink.batch.set(ssl.clientSubject, leaf.subject)
            sink.batch.set(ssl.clientIssuer, leaf.issuer)
        }
    }
}
