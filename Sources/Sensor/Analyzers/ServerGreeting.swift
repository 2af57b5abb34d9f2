internal import Shared

/// What a server that begins with 220 says of itself: those of mail (RFC 5321 §4.2) and of files (RFC 959 §5.4) do so.
///
/// Whole lines are looked at. A server of mail names its host first, and hosts have any name: that word counts only
/// where it is the only one, or is no host's.
enum ServerGreeting {
    case mail, files

    /// Bytes of a greeting that are looked at.
    private static let limit = 512

    /// Whether a stream begins so.
    static func begins(_ payload: RawSpan) -> Bool { payload.starts(with: "220 ") || payload.starts(with: "220-") }

    /// - Returns: nil while the lines leave it open.
    init?(_ payload: RawSpan) {
        var rest = payload.extracting(first: Self.limit)
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest.extracting(0..<HTTPText.endOfLine(rest.extracting(0..<end)))
            rest = rest.extracting(droppingFirst: end + 1)
            if let found = Self.ofLine(line) {
                self = found
                return
            }
        }
        return nil
    }

    private static func ofLine(_ line: RawSpan) -> Self? {
        if Self.answersLogin(line) { return .files }
        guard line.byteCount > 4 else { return nil }
        let text = line.extracting(HTTPText.core(line, 4..<line.byteCount))
        guard let end = text.firstIndex(of: 0x20) else { return names(text) }
        if let found = names(text.extracting(droppingFirst: end)) { return found }
        let first = text.extracting(0..<end)
        return isHost(first) ? nil : names(first)
    }

    /// Mail goes before files, whose servers may be told of beside it.
    private static func names(_ text: RawSpan) -> Self? {
        var hasFiles = false
        for index in 0..<text.byteCount {
            guard let byte = try? text.byte(at: index) else { break }
            guard byte | 0x20 == 0x73 || byte | 0x20 == 0x66 else { continue }
            let rest = text.extracting(droppingFirst: index)
            if HTTPText.hasPrefix(rest, "smtp"), isWord(text, index, 4) { return .mail }
            if HTTPText.hasPrefix(rest, "ftp"), isWord(text, index, 3) { hasFiles = true }
            if HTTPText.hasPrefix(rest, "filezilla") { hasFiles = true }
        }
        return hasFiles ? .files : nil
    }

    /// Whether what lies there is a word or a part of one that is made of it (`ESMTP`, `vsFTPd`, `FTPServer`): inside
    /// of others the letters mean nothing (`softpedia`).
    private static func isWord(_ text: RawSpan, _ index: Int, _ count: Int) -> Bool {
        guard let next = try? text.byte(at: index + count), HTTPText.isLetter(next) else { return true }
        if next | 0x20 == 0x64 || next | 0x20 == 0x73 { return true }
        guard let before = try? text.byte(at: index - 1) else { return true }
        return !HTTPText.isLetter(before)
    }

    /// Whether a word is a name with dots, the last part of which is no number.
    private static func isHost(_ word: RawSpan) -> Bool {
        var isName = false
        for index in 0..<word.byteCount where (try? word.byte(at: index)) == 0x2E {
            isName = (try? word.byte(at: index + 1)).map(HTTPText.isLetter) ?? isName
        }
        return isName
    }

    /// A reply that no mail server gives: logged in, name is good, security is good, system (RFC 959 §4.2, RFC 2228).
    private static func answersLogin(_ line: RawSpan) -> Bool {
        line.starts(with: "230 ") || line.starts(with: "230-") || line.starts(with: "331 ")
            || line.starts(with: "234 ") || line.starts(with: "215 ")
    }
}
