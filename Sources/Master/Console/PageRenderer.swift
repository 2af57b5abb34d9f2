import Foundation
import Hummingbird
import Mustache
import NIOCore

/// Turns a template and its values into an answer; adds what every page shows.
struct PageRenderer: Sendable {
    let resources: ConsoleResources

    /// - Parameters:
    ///   - template: name of the file in `Templates`.
    ///   - title: key of the page's name in the catalog, or a text of its own.
    ///   - section: which entry of the navigation is marked.
    func page(
        _ template: String, title: String, section: String = "", values: [String: Any],
        context: ConsoleContext, status: HTTPResponse.Status = .ok
    ) -> Response {
        var values = values
        let catalog = resources.catalog(context.language)
        values["t"] = catalog.tree
        values["title"] = title
        values["lang"] = context.language.rawValue
        values["assets"] = resources.assets.version
        values["in_\(section)"] = true
        values["english"] = context.language == .en
        values["japanese"] = context.language == .ja
        if let viewer = context.viewer {
            values["viewer"] = ["name": viewer.user.name, "zone": viewer.user.timeZone]
            values["form_token"] = viewer.token.formToken
        }
        guard let html = resources.templates.render(values, withTemplate: template) else {
            return Response(status: .internalServerError)
        }
        return Self.html(html, status: status)
    }

    /// Part of a page, for a script that replaces it.
    func fragment(_ template: String, values: [String: Any], context: ConsoleContext) -> Response {
        var values = values
        values["t"] = resources.catalog(context.language).tree
        return Self.html(resources.templates.render(values, withTemplate: template) ?? "", status: .ok)
    }

    static func html(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// A friendly page for what went wrong.
    func problem(_ status: HTTPResponse.Status, context: ConsoleContext) -> Response {
        let catalog = resources.catalog(context.language)
        let known = [400, 403, 404, 429].contains(status.code) ? "\(status.code)" : "503"
        let values: [String: Any] = [
            "code": "\(status.code)", "heading": catalog.named("problem.heading", "s\(known)") ?? "",
            "advice": catalog.named("problem.advice", "s\(known)") ?? "",
        ]
        return page(
            "problem", title: catalog.named("problem.heading", "s\(known)") ?? "", values: values, context: context,
            status: status)
    }

    func redirectToSignIn(from request: Request) -> Response {
        let isPage = request.method == .get && request.uri.path != "/"
        let next = Self.escape(request.uri.path + (request.uri.query.map { "?\($0)" } ?? ""))
        return Self.redirect(to: "/sign-in" + (isPage ? "?next=\(next)" : ""))
    }

    /// After a form was posted: the browser gets the page.
    static func redirect(to path: String, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.location] = path
        return Response(status: .seeOther, headers: headers)
    }

    /// Text as one value of a query (RFC 3986 §2.3: everything but unreserved characters is escaped).
    static func escape(_ text: String) -> String {
        let allowed = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
        return text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            return byte < 0x80 && allowed.contains(scalar) ? String(scalar) : "%" + Format.hex(byte).uppercased()
        }.joined()
    }

    /// Only a path of ours may be returned to: never another site.
    static func localPath(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return text
    }
}
