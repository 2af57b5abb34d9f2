internal import Shared

/// Notations of FTP's commands and replies.
enum FTPText {
    /// What only FTP says, with which a session is known whose beginning was not seen: commands, and replies that ask
    /// for a password (RFC 959 §4.2) and name a data connection (RFC 959, RFC 2428 §3).
    private static let marks: [StaticString] = [
        "AUTH TLS\r", "AUTH SSL\r", "PASV\r", "EPSV\r", "EPRT |", "331 ", "331-", "227 Entering ", "229 Entering ",
    ]

    /// The same, where the rest of the line must fit: a word alone is not enough. POP3 has RETR with a number, and
    /// POP3, IRC and NNTP have LIST.
    private static let lines: [StaticString] = [
        "PORT ", "STOR ", "APPE ", "RETR ", "MDTM ", "TYPE I\r", "TYPE A\r", "MLSD", "NLST", "LIST -a", "LIST -l",
        "LIST -R", "LIST /",
        "150 Opening ", "226 Transfer", "200 PORT ",
    ]
    /// Bytes of a line with which a session is known: Windows and Linux have paths of up to 4,096.
    private static let lineLimit = 4096 + 8

    /// A session begins with a server's greeting, which SMTP's looks like.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if let first = try? payload.byte(at: 0), isFirst(first) {
            for mark in marks where payload.starts(with: mark) { return .match }
            for mark in lines where payload.starts(with: mark) { return isWhole(payload) ? .match : .noMatch }
        }
        guard ServerGreeting.begins(payload) else { return payload.byteCount < 4 ? .needMore : .noMatch }
        return switch ServerGreeting(payload) {
        case .files: .match
        case .mail: .noMatch
        case nil: .needMore
        }
    }

    /// Whether marks begin so.
    private static func isFirst(_ byte: UInt8) -> Bool {
        switch byte {
        // A, E, L, M, N, P, R, S, T, and the digits 1 to 3.
        case 0x41, 0x45, 0x4C...0x4E, 0x50, 0x52...0x54, 0x31...0x33: true
        default: false
        }
    }

    /// Whether a line of ``lines`` is complete and is what only FTP has.
    private static func isWhole(_ payload: RawSpan) -> Bool {
        let bytes = payload.extracting(first: Swift.min(payload.byteCount, lineLimit))
        guard let end = bytes.firstIndex(of: 0x0A), end >= 5, (try? bytes.byte(at: end - 1)) == 0x0D else {
            return false
        }
        let argument = bytes.extracting(4..<(end - 1))
        var (digits, commas) = (0, 0)
        for index in 0..<argument.byteCount {
            // The zero of Telnet means nothing, RFC 959 §3.1 and RFC 854.
            guard let byte = try? argument.byte(at: index), byte >= 0x20 && byte != 0x7F || byte == 0 else {
                return false
            }
            if (0x30...0x39).contains(byte) { digits += 1 }
            if byte == 0x2C { commas += 1 }
        }
        // A reply begins with its number; MLSD and NLST may have no argument.
        if (try? payload.byte(at: 0)) ?? 0 < 0x40 || argument.byteCount == 0 { return true }
        let rest = argument.byteCount - 1 - digits
        if payload.starts(with: "PORT ") { return commas == 5 && rest == 5 && (6...18).contains(digits) }
        guard (try? argument.byte(at: 0)) == 0x20, argument.byteCount > 1 else { return false }
        return rest > 0 || !payload.starts(with: "RETR ")
    }

    /// Commands whose argument is no secret: RFC 959, 775, 2228, 2389, 2428, 2640, 3659 and 7151, and some of programs.
    private static let openVerbs: Set<String> = [
        "USER", "CWD", "CDUP", "SMNT", "REIN", "QUIT", "PORT", "PASV", "TYPE", "STRU", "MODE", "RETR", "STOR", "STOU",
        "APPE", "ALLO", "REST", "RNFR", "RNTO", "ABOR", "DELE", "RMD", "MKD", "PWD", "LIST", "NLST", "SYST", "STAT",
        "HELP", "NOOP", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD", "AUTH", "PBSZ", "PROT", "CCC", "FEAT", "OPTS", "EPRT",
        "EPSV", "LPRT", "LPSV", "LANG", "MDTM", "SIZE", "MLST", "MLSD", "HOST", "MFMT", "MFCT", "MFF", "AVBL", "CLNT",
        "CSID", "COMB", "DSIZ", "HASH", "RMDA", "XCRC", "XMD5", "XSHA", "XSHA1", "XSHA256", "XSHA512", "MD5", "CRC",
    ]
    /// The same of what a site has of its own (SITE).
    private static let openSiteVerbs: Set<String> = [
        "CHGRP", "CHMOD", "CHOWN", "COPY", "CPFR", "CPTO", "DIRSTYLE", "EXEC", "HELP", "IDLE", "INDEX", "LINK", "MKDIR",
        "QUOTA", "RMDIR", "SYMLINK", "UMASK", "UTIME", "WHO", "ZONE",
    ]

    /// The argument of a command as records show it: what an account is told by may be as secret as a password, and so
    /// may be what a program's own commands take, as `SITE PSWD old new`.
    static func shown(_ line: CommandLine) -> String {
        if openVerbs.contains(line.verb) { return line.argument }
        guard line.verb == "SITE" else { return "<hidden>" }
        let words = line.argument.split(separator: " ", maxSplits: 1)
        guard let verb = words.first, verb.utf8.allSatisfy(HTTPText.isLetter) else { return "<hidden>" }
        return words.count == 1 || openSiteVerbs.contains(verb.uppercased()) ? line.argument : "\(verb) <hidden>"
    }

    /// The end of the data connection that a command tells, or else its reply: with its address where one is told.
    static func dataChannel(_ line: CommandLine, _ reply: ReplyLine?) -> (address: IPAddress?, port: UInt16)? {
        switch line.verb {
        case "PORT": return hostAndPort(line.argument)
        case "EPRT": return extendedPort(line.argument)
        case "PASV", "EPSV":
            guard let reply, isPositive(reply) else { return nil }
            return line.verb == "PASV" ? hostAndPort(reply.text) : extendedPort(reply.text)
        default: return nil
        }
    }

    /// A positive completion reply, RFC 959 §4.2.1.
    static func isPositive(_ reply: ReplyLine) -> Bool { (200..<300).contains(reply.code) }

    /// The part of a path behind its last slash.
    static func lastName(of path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }

    /// `h1,h2,h3,h4,p1,p2` anywhere in the text, RFC 959 §4.1.2.
    static func hostAndPort(_ text: String) -> (address: IPAddress?, port: UInt16)? {
        let numbers = text.split { !($0.isNumber || $0 == ",") }.map {
            $0.split(separator: ",").compactMap { UInt8($0) }
        }
        guard let six = numbers.first(where: { $0.count == 6 }) else { return nil }
        let address = six.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return (IPAddress(v4: address), UInt16(six[4]) << 8 | UInt16(six[5]))
    }

    /// `|family|address|port|`, RFC 2428 §2 and §3; family and address may be missing.
    static func extendedPort(_ text: String) -> (address: IPAddress?, port: UInt16)? {
        guard let start = text.firstIndex(of: "|") else { return nil }
        let parts = text[start...].split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count >= 4, let port = UInt16(parts[3]) else { return nil }
        return (IPAddress(String(parts[2])), port)
    }

    /// The size in `150 ... (77 bytes).`: the last number of the text, as in Zeek; none in `150 44.1 kbytes`.
    static func byteCount(_ text: String) -> UInt64? {
        guard let number = text.utf8.split(whereSeparator: { !(0x30...0x39).contains($0) }).last else { return nil }
        if text.utf8[..<number.startIndex].last == 0x2E { return nil }
        return UInt64(String(number) ?? "")
    }

    /// The path in `257 "/home/alice" ...`, RFC 959 appendix II.
    static func quoted(_ text: String) -> String? {
        let parts = text.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : nil
    }

    /// A path as it is meant in `folder`, without detours, as Zeek's `compress_path` writes it: above where it is
    /// known, `..` stays.
    /// - Parameter folder: one that was found so.
    static func path(_ path: String, in folder: String) -> String {
        let bytes = Array(path.utf8)
        var out = isAbsolute(bytes) ? bytes.first == 0x2F ? [0x2F] : [] : Array(folder.utf8)
        let root = out.first == 0x2F ? 1 : 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x2F) ?? bytes.count
            enter(bytes[start..<end], from: root, &out)
            start = end + 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// From the root, or from a drive as Windows names it.
    private static func isAbsolute(_ path: [UInt8]) -> Bool {
        if path.first == 0x2F { return true }
        return path.count > 2 && HTTPText.isLetter(path[0]) && path[1] == 0x3A && (path[2] == 0x2F || path[2] == 0x5C)
    }

    /// Goes one step on; `path` has its parts from `root` on.
    private static func enter(_ part: ArraySlice<UInt8>, from root: Int, _ path: inout [UInt8]) {
        if part.isEmpty || part == here { return }
        if part == up {
            let slash = path[root...].lastIndex(of: 0x2F)
            let start = slash.map { $0 + 1 } ?? root
            // No slice is kept: it would make a copy of what is changed.
            if path[start...] == here { return path.append(0x2E) }
            let isKnown = start < path.count && path[start...] != up && path[start...] != home
            if isKnown { return path.removeSubrange((slash ?? root)...) }
        }
        if path.count > root { path.append(0x2F) }
        path.append(contentsOf: part)
    }

    private static let here: ArraySlice<UInt8> = [0x2E]
    private static let up: ArraySlice<UInt8> = [0x2E, 0x2E]
    private static let home: ArraySlice<UInt8> = [0x7E]
}
