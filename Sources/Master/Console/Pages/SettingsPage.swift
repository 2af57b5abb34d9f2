import Foundation
import Hummingbird

/// The viewer's own language, time zone and password.
struct SettingsPage: Sendable {
    let accounts: any ConsoleAccounts
    let signIn: SignIn
    let pages: PageRenderer

    /// Zones offered; any other IANA name can be typed.
    private static let zones = [
        "Asia/Tokyo", "UTC", "Asia/Singapore", "Asia/Shanghai", "Asia/Kolkata", "Europe/London", "Europe/Berlin",
        "America/New_York", "America/Chicago", "America/Los_Angeles", "Australia/Sydney",
    ]

    func show(_ request: Request, _ context: ConsoleContext) -> Response {
        let catalog = pages.resources.catalog(context.language)
        let note = request.uri.queryParameters["saved"].flatMap { catalog.named("settings.saved", String($0)) }
        return form(context, note: note, problem: nil)
    }

    private func form(
        _ context: ConsoleContext, note: String?, problem: String?, status: HTTPResponse.Status = .ok
    ) -> Response {
        let catalog = pages.resources.catalog(context.language)
        var values: [String: Any] = ["zones": Self.zones, "minimum": "\(PasswordHash.minimumLength)"]
        values["note"] = note
        values["problem"] = problem
        values["password_rule"] = catalog.text("settings.password_rule", ["n": "\(PasswordHash.minimumLength)"])
        return pages.page(
            "settings", title: catalog.text("settings.title"), section: "settings", values: values, context: context,
            status: status)
    }

    func setLanguage(_ context: ConsoleContext, _ body: FormBody) async throws -> Response {
        guard var user = context.viewer?.user else { throw ConsoleError.signInNeeded }
        guard let language = Language(rawValue: body["language"]) else { throw ConsoleError.badRequest("language") }
        user.language = language
        try await accounts.update(user)
        return PageRenderer.redirect(to: PageRenderer.localPath(body["next"]))
    }

    func setDisplay(_ context: ConsoleContext, _ body: FormBody) async throws -> Response {
        guard var user = context.viewer?.user else { throw ConsoleError.signInNeeded }
        let catalog = pages.resources.catalog(context.language)
        let zone = body["zone"].trimmingSpaces
        guard let language = Language(rawValue: body["language"]) else { throw ConsoleError.badRequest("language") }
        guard TimeZone(identifier: zone) != nil else {
            return form(
                context, note: nil, problem: catalog.text("settings.unknown_zone", ["zone": zone]), status: .badRequest)
        }
        (user.language, user.timeZone) = (language, zone)
        try await accounts.update(user)
        return PageRenderer.redirect(to: "/settings?saved=display")
    }

    func setPassword(_ context: ConsoleContext, _ body: FormBody) async throws -> Response {
        guard let viewer = context.viewer else { throw ConsoleError.signInNeeded }
        let catalog = pages.resources.catalog(context.language)
        let new = body["new"]
        func refuse(_ key: String) -> Response {
            form(
                context, note: nil, problem: catalog.text(key, ["n": "\(PasswordHash.minimumLength)"]),
                status: .badRequest)
        }
        guard new.count >= PasswordHash.minimumLength, new.utf8.count <= PasswordHash.maximumBytes else {
            return refuse("settings.too_short")
        }
        guard new == body["again"] else { return refuse("settings.not_equal") }
        guard var user = try await signIn.check(viewer.user.name, body["old"]) else {
            return refuse("settings.wrong_password")
        }
        user.passwordHash = try await SignIn.hash(new).text
        try await accounts.update(user)
        try await accounts.closeSessions(of: user.name, except: viewer.token.hash)
        return PageRenderer.redirect(to: "/settings?saved=password")
    }
}
