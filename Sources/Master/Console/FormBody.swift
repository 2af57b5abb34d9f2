import HTTPTypes
import Foundation
import Hummingbird

/// A posted form whose origin was checked.
struct FormBody: Sendable {
    static let limitBytes = 16 * 1024
    private let fields: [String: String]

    subscript(name: String) -> String { fields[name] ?? "" }

    /// Reads a form and checks that it came from a page of this session.
    /// - Parameter expected: the token that the form must carry in `token`.
    /// - Throws: ``ConsoleError/forgedForm``.
    init(_ request: Request, expecting expected: String) async throws {
        var request = request
        let buffer = try await request.collectBody(upTo: Self.limitBytes)
        fields = Self.parse(String(buffer: buffer))
        let site = HTTPField.Name("sec-fetch-site").flatMap { request.headers[$0] }
        guard site == nil || site == "same-origin" || site == "none",
            !expected.isEmpty, SecretToken.equal(Array(self["token"].utf8), Array(expected.utf8))
        else { throw ConsoleError.forgedForm }
    }

    /// `application/x-www-form-urlencoded`; the first of equal names counts.
    static func parse(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&").prefix(100) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(parts[0]), let value = decode(parts.count > 1 ? parts[1] : "") else { continue }
            if fields[name] == nil { fields[name] = value }
        }
        return fields
    }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
