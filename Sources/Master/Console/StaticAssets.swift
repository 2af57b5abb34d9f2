import Crypto
import Foundation
import Hummingbird
import NIOCore

/// Files that browsers fetch beside the pages: held in memory, named by an allow list, with entity tags (RFC 9110
/// §8.8.3).
struct StaticAssets: Sendable {
    private struct Asset: Sendable {
        let bytes: [UInt8]
        let type: String
        let tag: String
    }

    private let assets: [String: Asset]
    /// Changes when any file changes; part of each address, so that browsers may keep files for a year.
    let version: String

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    /// - Throws: ``CatalogError/missing(_:)`` for a file of ours. Charts of Debian's may be absent: pages then show
    ///   their numbers without them.
    init(own: String, dygraphs: String) throws {
        var assets: [String: Asset] = [:]
        for name in ["console.css", "console.js", "chart.js", "icon.svg"] {
            guard let asset = Self.load("\(own)/\(name)") else { throw CatalogError.missing("\(own)/\(name)") }
            assets[name] = asset
        }
        for name in ["dygraph.min.js", "dygraph.min.css"] {
            assets[name] =
                Self.load("\(dygraphs)/\(name)") ?? Self.load("\(dygraphs)/\(name.replacing(".min", with: ""))")
        }
        self.assets = assets
        let tags = assets.sorted { $0.key < $1.key }.map(\.value.tag).joined()
        version = Self.tag(Array(tags.utf8))
    }

    private static func load(_ path: String) -> Asset? {
        guard let data = FileManager.default.contents(atPath: path),
            let type = types[String(path.split(separator: ".").last ?? "")]
        else { return nil }
        return Asset(bytes: Array(data), type: type, tag: tag(Array(data)))
    }

    private static func tag(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).prefix(8).map { Format.hex($0) }.joined()
    }

    /// The file, or 304 when the browser has it already.
    func response(name: String, ifNoneMatch: String?) throws -> Response {
        guard let asset = assets[name] else { throw ConsoleError.notFound }
        let headers: HTTPFields = [
            .contentType: asset.type, .eTag: "\"\(asset.tag)\"", .cacheControl: "public, max-age=31536000, immutable",
        ]
        if ifNoneMatch?.contains("\"\(asset.tag)\"") == true { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}

extension Format {
    /// Two digits, lower case.
    static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
