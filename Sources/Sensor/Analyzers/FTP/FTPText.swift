internal import Shared

/// Notations of FTP's commands and replies.
enum FTPText {
    /// `h1,h2,h3,h4,p1,p2` anywhere in the text, RFC 959 §4.1.2.
    static func hostAndPort(_ text: String) -> (IPAddress?, UInt16)? {
        let numbers = text.split { !($0.isNumber || $0 == ",") }.map {
            $0.split(separator: ",").compactMap { UInt8($0) }
        }
        guard let six = numbers.first(where: { $0.count == 6 }) else { return nil }
        let address = six.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return (IPAddress(v4: address), UInt16(six[4]) << 8 | UInt16(six[5]))
    }

    /// `|family|address|port|`, RFC 2428 §2 and §3; family and address may be missing.
    static func extendedPort(_ text: String) -> (IPAddress?, UInt16)? {
        guard let start = text.firstIndex(of: "|") else { return nil }
        let parts = text[start...].split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count >= 4, let port = UInt16(parts[3]) else { return nil }
        return (IPAddress(String(parts[2])), port)
    }

    /// The size in `150 ... (77 bytes).`
    static func byteCount(_ text: String) -> UInt64? {
        let words = text.split { $0 == " " || $0 == "(" || $0 == ")" }
        guard let index = words.firstIndex(where: { $0.hasPrefix("byte") }), index > 0 else { return nil }
        return UInt64(words[index - 1])
    }

    /// The path in `257 "/home/alice" ...`, RFC 959 appendix II.
    static func quoted(_ text: String) -> String? {
        let parts = text.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : nil
    }

    /// A path as it is meant in `folder`.
    static func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }
}
