import Foundation
public import Hummingbird
import Logging

/// What a request of the console carries along.
public struct ConsoleContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Address of the browser, for the limit on signing in.
    public var remoteAddress: String
    /// Who is signed in, put here by ``SessionMiddleware``.
    public var viewer: Viewer?
    /// Language of this request.
    public var language = Language.en

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }

    /// - Parameter remoteAddress: as if the request came from there: for requests without a connection.
    init(logger: Logger, remoteAddress: String) {
        coreContext = .init(source: LoggerSource(logger: logger))
        self.remoteAddress = remoteAddress
    }

    private struct LoggerSource: RequestContextSource { let logger: Logger }

    var format: Format {
        let zone = viewer.flatMap { TimeZone(identifier: $0.user.timeZone) }
        return Format(language: language, zone: zone ?? .gmt)
    }
}

/// A signed-in user with the session's secret.
public struct Viewer: Sendable {
    public var user: ConsoleUser
    public var token: SecretToken
    /// Whether the secret came as a bearer token: then no form can be meant.
    public var isBearer: Bool
}

/// What goes wrong in a request, as the person in front of it should hear it.
enum ConsoleError: Error, Equatable {
    case notFound
    /// The form is stale or came from another site.
    case forgedForm
    /// A parameter that cannot be read; its name.
    case badRequest(String)
    case signInNeeded
}
