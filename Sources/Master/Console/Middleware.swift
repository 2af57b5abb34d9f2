import HTTPTypes
import Hummingbird
import Logging
import Shared

/// Headers that every answer carries, and a page or JSON for what went wrong.
struct SafetyMiddleware: RouterMiddleware {
    typealias Context = ConsoleContext
    let pages: PageRenderer

    /// Nothing but our own files; no inline script or style, no frames, no plugins.
    static let contentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(error, request, context)
        }
        let fixed: [(String, String)] = [
            ("content-security-policy", Self.contentPolicy), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"), ("strict-transport-security", "max-age=31536000"),
            ("cross-origin-opener-policy", "same-origin"), ("x-frame-options", "DENY"),
        ]
        for (name, value) in fixed {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func answer(_ error: any Error, _ request: Request, _ context: ConsoleContext) -> Response {
        let status: HTTPResponse.Status =
            switch error {
            case ConsoleError.notFound: .notFound
            case ConsoleError.forgedForm: .forbidden
            case ConsoleError.badRequest: .badRequest
            case ConsoleError.signInNeeded: .unauthorized
            case let known as any HTTPResponseError: known.status
            default: .serviceUnavailable
            }
        if status == .serviceUnavailable {
            context.logger.error(
                "Console request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        }
        if request.uri.path.hasPrefix("/api/") { return APIAnswer.problem(status) }
        if status == .unauthorized { return pages.redirectToSignIn(from: request) }
        return pages.problem(status, context: context)
    }
}

/// Finds out who asks: the session's cookie, or a bearer token on the API.
struct SessionMiddleware: RouterMiddleware {
    typealias Context = ConsoleContext
    static let cookie = "__Host-meneki"
    let accounts: any ConsoleAccounts
    let clock: @Sendable () -> Timestamp

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language = Language(acceptLanguage: request.headers[.acceptLanguage])
        if let (token, isBearer) = Self.token(of: request),
            let user = try await accounts.sessionUser(hash: token.hash, now: clock())
        {
            context.viewer = Viewer(user: user, token: token, isBearer: isBearer)
            context.language = user.language
        }
        if let asked = request.uri.queryParameters["lang"].flatMap({ Language(rawValue: String($0)) }) {
            context.language = asked
        }
        return try await next(request, context)
    }

    private static func token(of request: Request) -> (SecretToken, Bool)? {
        if let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") {
            guard request.uri.path.hasPrefix("/api/") || request.uri.path == "/metrics" else { return nil }
            return SecretToken(String(header.dropFirst(7))).map { ($0, true) }
        }
        return request.cookies[cookie].flatMap { SecretToken($0.value) }.map { ($0, false) }
    }
}
