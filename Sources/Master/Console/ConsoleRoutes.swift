import Foundation
import Hummingbird
import Shared

/// Every address of the console and the API, and the page behind it.
struct ConsoleRoutes: Sendable {
    let data: any ConsoleData
    let accounts: any ConsoleAccounts
    let signIn: SignIn
    let pages: PageRenderer
    let texts: any ModelTexts
    let metrics: MetricsRegistry
    let clock: @Sendable () -> Timestamp

    func router() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self)
        router.add(middleware: SafetyMiddleware(pages: pages))
        router.add(middleware: SessionMiddleware(accounts: accounts, clock: clock))
        addOpenRoutes(router)
        addPages(router)
        addForms(router)
        APIRoutes(data: data, metrics: metrics, catalog: pages.resources.catalog).add(to: router)
        return router
    }

    private func addOpenRoutes(_ router: Router<ConsoleContext>) {
        router.get("/healthz") { _, _ in
            _ = try await data.overview()
            return APIAnswer.text("ok\n")
        }
        router.get("/assets/:version/:name") { request, context in
            let name = context.parameters.get("name") ?? ""
            return try pages.resources.assets.response(name: name, ifNoneMatch: request.headers[.ifNoneMatch])
        }
        let signInPage = SignInPage(signIn: signIn, pages: pages, clock: clock)
        router.get("/sign-in") { signInPage.show($0, $1) }
        router.post("/sign-in") { try await signInPage.submit($0, $1) }
    }

    private func addPages(_ router: Router<ConsoleContext>) {
        let incidents = IncidentsPage(data: data, pages: pages, texts: texts)
        let incident = IncidentDetailPage(data: data, pages: pages, texts: texts)
        let inventory = InventoryPages(data: data, pages: pages, texts: texts)
        let sensors = SensorsPage(data: data, pages: pages, clock: clock)
        let search = SearchPage(data: data, pages: pages)
        let settings = SettingsPage(accounts: accounts, signIn: signIn, pages: pages)
        router.get("/") { _, _ in PageRenderer.redirect(to: "/incidents") }
        page(router, "/incidents") { try await incidents.show($0, $1) }
        page(router, "/incident") { try await incident.show($0, $1) }
        page(router, "/devices") { try await inventory.devices($0, $1) }
        page(router, "/device") { try await inventory.device($0, $1) }
        page(router, "/users") { try await inventory.users($0, $1) }
        page(router, "/sensors") { try await sensors.show($0, $1) }
        page(router, "/search") { try await search.show($0, $1) }
        page(router, "/settings") { settings.show($0, $1) }
    }

    private func addForms(_ router: Router<ConsoleContext>) {
        let settings = SettingsPage(accounts: accounts, signIn: signIn, pages: pages)
        form(router, "/sign-out") { _, context, _ in
            if let viewer = context.viewer { try await accounts.closeSession(hash: viewer.token.hash) }
            return PageRenderer.redirect(to: "/sign-in", headers: [.setCookie: SignInPage.expiredCookie])
        }
        form(router, "/language") { try await settings.setLanguage($1, $2) }
        form(router, "/settings/display") { try await settings.setDisplay($1, $2) }
        form(router, "/settings/password") { try await settings.setPassword($1, $2) }
    }

    /// A page that only a signed-in person sees.
    private func page(
        _ router: Router<ConsoleContext>, _ path: RouterPath,
        _ show: @escaping @Sendable (Request, ConsoleContext) async throws -> Response
    ) {
        router.get(path) { request, context in
            guard context.viewer != nil else { throw ConsoleError.signInNeeded }
            return try await show(request, context)
        }
    }

    /// A form of a signed-in person; its token is checked here, so that no form can forget it.
    private func form(
        _ router: Router<ConsoleContext>, _ path: RouterPath,
        _ submit: @escaping @Sendable (Request, ConsoleContext, FormBody) async throws -> Response
    ) {
        router.post(path) { request, context in
            guard let viewer = context.viewer, !viewer.isBearer else { throw ConsoleError.signInNeeded }
            let body = try await FormBody(request, expecting: viewer.token.formToken)
            return try await submit(request, context, body)
        }
    }
}
