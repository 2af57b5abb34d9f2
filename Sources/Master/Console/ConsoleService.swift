import Foundation
import Hummingbird
import HummingbirdTLS
public import Logging
import NIOCore
import NIOSSL
public import ServiceLifecycle
public import Shared

/// The console and the API over HTTPS.
public struct ConsoleService: Service {
    private let settings: ConsoleSettings
    private let routes: ConsoleRoutes
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// The system's clock: the console serves people, whose sessions live in real time.
    @Sendable public static func wallClock() -> Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    /// - Parameters:
    ///   - texts: what the models say, in both languages.
    ///   - metrics: what `/metrics` shows; the same that was given to swift-metrics.
    ///   - clock: the wall clock, for sessions and the sensors' silence.
    ///   - onReady: told the port once connections are accepted.
    public init(
        settings: ConsoleSettings, data: any ConsoleData, accounts: any ConsoleAccounts, texts: any ModelTexts,
        metrics: MetricsRegistry, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp = ConsoleService.wallClock,
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let resources = try await ConsoleResources(
            directory: settings.resourceDirectory, dygraphsDirectory: settings.dygraphsDirectory)
        routes = ConsoleRoutes(
            data: data, accounts: accounts, signIn: try SignIn(accounts: accounts),
            pages: PageRenderer(resources: resources), texts: texts, metrics: metrics, clock: clock)
        self.settings = settings
        self.logger = logger
        self.onReady = onReady
    }

    public func run() async throws {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(settings.certificateChain).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: settings.privateKey, format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        let application = Application(
            router: routes.router(), server: try .tls(tlsConfiguration: tls),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            onServerRunning: { channel in
                await onReady(channel.localAddress?.port ?? settings.port)
            },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw SettingsError.cannotListen(
                host: settings.host, port: settings.port, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}
