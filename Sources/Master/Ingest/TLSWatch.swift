internal import Foundation
internal import NIOCore
internal import NIOSSL
internal import Protocol
internal import Shared

/// Stands behind TLS and turns its errors into sentences that name the cause.
///
/// It looks while the certificate that was refused is still at hand.
final class TLSWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is NIOSSLError || error is BoringSSLError else { return context.fireErrorCaught(error) }
        let shown = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes()
        let facts = shown.flatMap { try? CertificateFacts(der: $0) }
        context.fireErrorCaught(TLSFailure(text: "\(error)", certificate: facts, now: now()))
    }
}

/// Why a connection has no TLS, or lost it.
enum TLSFailure: Error, Equatable, CustomStringConvertible {
    /// The peer's certificate was good until then.
    case expired(String, at: Timestamp)
    case notYetValid(String, from: Timestamp)
    /// The peer's certificate was not signed by this master's authority.
    case unknownAuthority(String)
    /// The peer did not accept this master's certificate.
    case notTrusted
    case notTLS
    /// The peer speaks no TLS 1.3.
    case oldVersion
    /// It ended without TLS's own goodbye.
    case cut
    case other(String)

    /// - Parameters:
    ///   - text: the library's words, in which its names of errors are.
    ///   - certificate: the one that the peer showed.
    init(text: String, certificate: CertificateFacts?, now: Timestamp) {
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if has("CERTIFICATE_VERIFY_FAILED") {
            self = Self.refused(certificate, now: now)
        } else if has("ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE") {
            self = .notTrusted
        } else if has("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST") {
            self = .notTLS
        } else if has("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION") {
            self = .oldVersion
        } else if has("uncleanShutdown", "eofDuringHandshake") {
            self = .cut
        } else {
            self = .other(text)
        }
    }

    private static func refused(_ certificate: CertificateFacts?, now: Timestamp) -> TLSFailure {
        guard let certificate else { return .unknownAuthority("its certificate") }
        let name = certificate.identity.map { "the certificate of \($0)" } ?? "its certificate"
        let end = Timestamp(seconds: certificate.notAfter.timeIntervalSince1970)
        let start = Timestamp(seconds: certificate.notBefore.timeIntervalSince1970)
        if end < now { return .expired(name, at: end) }
        if start > now { return .notYetValid(name, from: start) }
        return .unknownAuthority(name)
    }

    /// What happened, as the end of a sentence.
    var description: String {
        switch self {
        case .expired(let name, let at): "\(name) expired at \(at.rfc3339); enrol the sensor again"
        case .notYetValid(let name, let from):
            "\(name) is valid only from \(from.rfc3339); check the clocks of master and sensor"
        case .unknownAuthority(let name):
            "\(name) was not issued by this master; enrol the sensor here"
        case .notTrusted: "it does not trust this master's certificate; it may belong to another master"
        case .notTLS: "it does not speak TLS; only sensors connect to this port"
        case .oldVersion: "it does not speak TLS 1.3; update it"
        case .cut: "it ended in the middle, without a goodbye"
        case .other(let text): "TLS failed: \(text)"
        }
    }

    /// Whether somebody may have to do something about it.
    var isRefusal: Bool { self != .cut }
}
