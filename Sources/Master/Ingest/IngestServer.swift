internal import Foundation
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Protocol
public import ServiceLifecycle
public import Shared

/// Listens for sensors: enrols them, stores what they send, acknowledges what is durable.
public struct IngestServer: Service {
    private let parts: IngestParts
    private let tls: TLSConfiguration
    private let whenBound: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - now: the wall clock; for certificates, tokens and when a sensor was seen, never for records.
    ///   - whenBound: told the port once it listens.
    /// - Throws: when the authority cannot make a certificate for this master.
    public init(
        settings: IngestSettings, enrolment: Enrolment, directory: any SensorDirectory, store: any BatchStore,
        logger: Logger, now: @escaping @Sendable () -> Timestamp,
        whenBound: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) throws {
        let telemetry = IngestTelemetry(logger: logger)
        parts = IngestParts(
            settings: settings, enrolment: enrolment, directory: directory, store: store, telemetry: telemetry,
            committer: GroupCommitter(store: store, limitBytes: settings.queueBytes, telemetry: telemetry),
            now: now)
        tls = try parts.tls()
        self.whenBound = whenBound
    }

    /// Serves until its task is cancelled or the service group shuts down; every connection has ended then.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            // Being cancelled is the end that is wanted, whichever of its parts is the first to say so.
            do { try await serve() } catch  where error is CancellationError && Task.isCancelled {}
        }
    }

    private func serve() async throws {
        let server = try await listen(try NIOSSLContext(configuration: tls))
        let port = server.channel.localAddress?.port ?? 0
        parts.telemetry.logger.info(
            "Listening for sensors", metadata: ["host": "\(parts.settings.host)", "port": "\(port)"])
        whenBound(port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await parts.committer.run() }
            group.addTask { try await parts.watchRevocations() }
            group.addTask { try await accept(server) }
            // All of them run until they are cancelled.
            try await group.next()
            group.cancelAll()
        }
    }

    private func listen(
        _ context: NIOSSLContext
    ) async throws -> NIOAsyncChannel<NIOAsyncChannel<WireFrame, WireFrame>, Never> {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: parts.settings.host, port: parts.settings.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers([
                            NIOSSLServerHandler(context: context), TLSWatch(now: parts.now),
                            ByteToMessageHandler(FrameDecoder()), MessageToByteHandler(FrameEncoder()),
                        ])
                        return try NIOAsyncChannel<WireFrame, WireFrame>(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4)))
                    }
                }
        } catch let error as IOError {
            throw SettingsError.cannotListen(
                host: parts.settings.host, port: parts.settings.port, reason: String(cString: strerror(error.errnoCode))
            )
        }
    }

    /// `ADDRESS:PORT`, as it stands in settings and firewalls.
    private static func text(_ address: SocketAddress) -> String {
        let (host, port) = (address.ipAddress ?? "\(address)", address.port ?? 0)
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private func accept(_ server: NIOAsyncChannel<NIOAsyncChannel<WireFrame, WireFrame>, Never>) async throws {
        try await server.executeThenClose { inbound in
            try await withThrowingDiscardingTaskGroup { group in
                let open = OpenConnections()
                for try await channel in inbound {
                    guard open.enter(limit: parts.settings.connections) else {
                        parts.telemetry.crowded()
                        channel.channel.close(promise: nil)
                        group.addTask { try? await channel.executeThenClose { _, _ in } }
                        continue
                    }
                    group.addTask {
                        let peer = channel.channel.remoteAddress.map(Self.text) ?? "unknown"
                        await IngestConnection(parts: parts, channel: channel, peer: peer).run()
                        open.leave()
                    }
                }
            }
        }
    }
}
