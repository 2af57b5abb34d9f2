internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Protocol

/// Opens TLS connections to a master.
enum MasterChannel {
    typealias Async = NIOAsyncChannel<WireFrame, WireFrame>

    static func open(_ master: MasterAddress, tls: TLSConfiguration) async throws(UplinkError) -> Async {
        do {
            let context = try NIOSSLContext(configuration: tls)
            return try await bootstrap.connect(host: master.host, port: master.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: context, serverHostname: MutualTLS.masterName),
                        ByteToMessageHandler(FrameDecoder(greeting: BatchLimits.frameBytes)),
                        MessageToByteHandler(FrameEncoder()),
                    ])
                    return try Async(wrappingChannelSynchronously: channel)
                }
            }
        } catch { throw failure(error, master) }
    }

    /// The certificates that a master shows; nothing is said to it and nothing is checked.
    ///
    /// The handshake is brought to its end and the connection closed in order, so that the master sees a visitor and
    /// not a failure.
    static func shownCertificates(_ master: MasterAddress) async throws(UplinkError) -> [[UInt8]] {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv13
        tls.certificateVerification = .noHostnameVerification
        do {
            let context = try NIOSSLContext(configuration: tls)
            let seen = try await bootstrap.connect(host: master.host, port: master.port) { channel in
                let seen = channel.eventLoop.makePromise(of: [[UInt8]].self)
                return channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: MutualTLS.masterName,
                        customVerificationCallback: { certificates, verdict in
                            seen.completeWith(Result { try certificates.map { try $0.toDERBytes() } })
                            verdict.succeed(.certificateVerified)
                        })
                    try channel.pipeline.syncOperations.addHandlers([handler, FirstLook(seen)])
                    channel.eventLoop.scheduleTask(in: AnswerDeadline.limit) {
                        seen.fail(UplinkError.unanswered(master))
                        channel.close(promise: nil)
                    }
                    return seen.futureResult
                }
            }
            return try await seen.get()
        } catch { throw failure(error, master) }
    }

    /// TCP_KEEPIDLE and TCP_KEEPINTVL of tcp(7), in seconds.
    private static let keepIdle = NIOBSDSocket.Option(rawValue: 4)
    private static let keepInterval = NIOBSDSocket.Option(rawValue: 5)

    private static var bootstrap: ClientBootstrap {
        ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A master that vanishes without a word is noticed also while nothing is on its way to it.
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(keepIdle), value: 15)
            .channelOption(.tcpOption(keepInterval), value: 5)
    }

    /// A certificate that is refused for its time is the master's all the same: tells whether this is why, by looking
    /// at it once more.
    /// - Parameter ca: PEM of the authority that the sensor trusts.
    static func explained(_ error: UplinkError, _ master: MasterAddress, ca: String) async -> UplinkError {
        guard case .notTheMaster = error, let shown = try? await shownCertificates(master), let own = shown.first,
            let facts = try? CertificateFacts(der: own),
            shown.dropFirst().contains(where: { PEM.certificate(der: $0) == ca })
        else { return error }
        let now = Date()
        guard now < facts.notBefore || now > facts.notAfter else { return error }
        return .clock(master, now: now, validity: facts.notBefore...facts.notAfter)
    }

    /// What went wrong, in words that say what to do.
    static func failure(_ error: any Error, _ master: MasterAddress) -> UplinkError {
        let text = "\(error)"
        switch error {
        case let error as UplinkError: return error
        case is NIOConnectionError: return .unreachable(master, reason: "nothing answers there")
        case _ where text.contains("CERTIFICATE_VERIFY_FAILED"): return .notTheMaster(master)
        case _ where text.contains("CERTIFICATE_EXPIRED"):
            return .certificate("the sensor's certificate has expired: enrol the sensor again with a new token")
        case _
        where text.contains("ALERT_UNKNOWN_CA") || text.contains("ALERT_BAD_CERTIFICATE")
            || text.contains("ALERT_CERTIFICATE") || text.contains("ALERT_DECRYPT_ERROR"):
            return .certificate("the master does not accept the sensor's certificate: enrol the sensor again there")
        case is NIOSSLError: return .lost("TLS failed (\(text))")
        default: return .lost(text)
        }
    }
}

/// Closes a connection as soon as its handshake is over.
private final class FirstLook: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let seen: EventLoopPromise<[[UInt8]]>

    init(_ seen: EventLoopPromise<[[UInt8]]>) { self.seen = seen }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // TLS tells only one event: that the handshake is over.
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        seen.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        seen.fail(UplinkError.lost("it closed the connection"))
    }
}
