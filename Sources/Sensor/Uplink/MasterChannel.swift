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

    /// The certificates that a master shows, last one first asked; nothing is sent to it and nothing is checked.
    static func shownCertificates(_ master: MasterAddress) async throws(UplinkError) -> [[UInt8]] {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv13
        tls.certificateVerification = .noHostnameVerification
        do {
            let context = try NIOSSLContext(configuration: tls)
            let seen = try await bootstrap.connect(host: master.host, port: master.port) { channel in
                let seen = channel.eventLoop.makePromise(of: [[UInt8]].self)
                channel.closeFuture.whenComplete { _ in seen.fail(UplinkError.lost("it closed the connection")) }
                return channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: MutualTLS.masterName,
                        customVerificationCallback: { certificates, verdict in
                            seen.completeWith(Result { try certificates.map { try $0.toDERBytes() } })
                            verdict.succeed(.failed)
                        })
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return seen.futureResult
                }
            }
            return try await seen.get()
        } catch { throw failure(error, master) }
    }

    private static var bootstrap: ClientBootstrap {
        ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
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
