import Hummingbird
import Shared

/// Name and password.
struct SignInPage: Sendable {
    let signIn: SignIn
    let pages: PageRenderer
    let clock: @Sendable () -> Timestamp

    /// Ties the form to the browser that it was made for, before there is a session.
    static let formCookie = "__Host-meneki-form"
    static let expiredCookie = "\(SessionMiddleware.cookie)=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"

    func show(_ request: Request, _ context: ConsoleContext) -> Response {
        if context.viewer != nil { return PageRenderer.redirect(to: "/incidents") }
        let next = request.uri.queryParameters["next"].map(String.init)
        return form(context, next: next, problem: nil, status: .ok)
    }

    private func form(
        _ context: ConsoleContext, next: String?, name: String = "", problem: String?, status: HTTPResponse.Status
    ) -> Response {
        let secret = SecretToken()
        let catalog = pages.resources.catalog(context.language)
        var values: [String: Any] = ["sign_in_token": secret.formToken, "name": name]
        values["next"] = PageRenderer.localPath(next)
        values["problem"] = problem
        var response = pages.page(
            "sign-in", title: catalog.text("sign_in.title"), values: values, context: context, status: status)
        response.headers[.setCookie] =
            "\(Self.formCookie)=\(secret.text); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600"
        return response
    }

    func submit(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let secret = request.cookies[Self.formCookie].flatMap { SecretToken($0.value) }
        let body = try await FormBody(request, expecting: secret?.formToken ?? "")
        let outcome = try await signIn.open(
            name: body["name"], password: body["password"], address: context.remoteAddress, now: clock())
        let catalog = pages.resources.catalog(context.language)
        switch outcome {
        case .opened(let token):
            let seconds = Int(SignIn.sessionLength.seconds)
            let cookie =
                "\(SessionMiddleware.cookie)=\(token.text); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
            return PageRenderer.redirect(to: PageRenderer.localPath(body["next"]), headers: [.setCookie: cookie])
        case .refused:
            return form(
                context, next: body["next"], name: body["name"], problem: catalog.text("sign_in.refused"),
                status: .unauthorized)
        case .tooManyTries:
            return form(
                context, next: body["next"], name: body["name"], problem: catalog.text("sign_in.too_many"),
                status: .tooManyRequests)
        }
    }
}
