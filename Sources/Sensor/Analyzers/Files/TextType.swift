/// Types of text: markup, data and scripts, in Zeek's names.
enum TextType {
    /// Bytes that must be text before a file is `text/plain`, as Zeek demands.
    private static let plainMinimum = 10

    static func of(_ bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        if let script = script(rest) { return script }
        let body = rest.drop { isSpace($0) }
        if body.first == 0x3C, let markup = markup(body) { return markup }
        if let first = body.first, first == 0x7B || first == 0x5B, isJSON(body) { return "text/json" }
        if let hint = hints.first(where: { starts(body, with: $0.text) }) { return hint.type }
        if isDeclaration(body) { return "text/vbscript" }
        return isPlain(bytes) ? "text/plain" : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Whether the bytes begin with `text` (lower case), whatever their case.
    private static func starts(_ bytes: ArraySlice<UInt8>, with text: String) -> Bool {
        bytes.count >= text.utf8.count && zip(bytes, text.utf8).allSatisfy { $0.lowercasedASCII == $1 }
    }

    /// `#!/usr/bin/env NAME` and `#!/bin/NAME`.
    private static func script(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.starts(with: [0x23, 0x21]) else { return nil }
        let line = String(decoding: bytes.dropFirst(2).prefix(80).prefix { $0 != 0x0A }, as: UTF8.self)
        let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard var name = words.first?.split(separator: "/").last else { return nil }
        if name == "env", words.count > 1 { name = words[1] }
        let plain = name.prefix { $0.isLetter }
        return interpreters[String(plain)]
    }

    private static let interpreters: [String: String] = [
        "sh": "text/x-shellscript", "bash": "text/x-shellscript", "dash": "text/x-shellscript",
        "zsh": "text/x-shellscript", "ksh": "text/x-shellscript", "csh": "text/x-shellscript",
        "tcsh": "text/x-shellscript", "ash": "text/x-shellscript", "fash": "text/x-shellscript",
        "perl": "text/x-perl", "python": "text/x-python", "ruby": "text/x-ruby", "php": "text/x-php",
        "awk": "text/x-awk", "gawk": "text/x-awk", "nawk": "text/x-awk", "tclsh": "text/x-tcl", "wish": "text/x-tcl",
        "lua": "text/x-lua", "node": "application/javascript", "nodejs": "application/javascript",
        "pwsh": "text/x-powershell",
    ]

    /// Beginnings that give a script or a message away.
    private static let hints: [(text: String, type: String)] = [
        ("(function()", "application/javascript"), ("for (;;);", "application/javascript"),
        ("document.write", "application/javascript"),
        ("powershell ", "text/x-powershell"), ("powershell.exe ", "text/x-powershell"),
        ("[system.reflection.assembly]", "text/x-powershell"), ("param(", "text/x-powershell"),
        ("option explicit", "text/vbscript"), ("on error resume next", "text/vbscript"),
        ("@echo off", "text/x-msdos-batch"), ("@rem", "text/x-msdos-batch"), ("@set ", "text/x-msdos-batch"),
    ]

    /// `Dim NAME`, and behind the name what may stand there in a script and not in a sentence.
    private static func isDeclaration(_ body: ArraySlice<UInt8>) -> Bool {
        guard starts(body, with: "dim ") else { return false }
        let name = body.dropFirst(4).drop { $0 == 0x20 }
        let rest = name.drop {
            (0x61...0x7A).contains($0.lowercasedASCII) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
        guard let first = name.first, (0x61...0x7A).contains(first.lowercasedASCII) else { return false }
        let end = rest.drop { $0 == 0x20 || $0 == 0x09 }
        guard let mark = end.first else { return true }
        // A line's end, a comma, a colon, an array, a comment.
        return [0x0D, 0x0A, 0x2C, 0x3A, 0x28, 0x27].contains(mark) || starts(end, with: "as ")
    }

    private static func markup(_ start: ArraySlice<UInt8>) -> String? {
        let (body, sawDeclaration) = skippingProlog(start)
        for (tag, type) in tags where starts(body, with: tag) { return type }
        return sawDeclaration ? "application/xml" : nil
    }

    private static let tags: [(String, String)] = [
        ("<!doctype html", "text/html"), ("<html", "text/html"), ("<meta http-equiv", "text/html"),
        ("<head", "text/html"), ("<title", "text/html"), ("<body", "text/html"),
        ("<script>", "application/javascript"), ("<script language=\"javascript", "application/javascript"),
        ("<script type=\"text/javascript", "application/javascript"),
        ("<hta:application", "application/hta"),
        ("<rss", "text/rss"), ("<feed", "text/atom"),
        ("<soap:envelope", "application/soap+xml"), ("<soap-env:envelope", "application/soap+xml"),
        ("<methodresponse>", "application/xml-rpc"), ("<cross-domain-policy", "text/x-cross-domain-policy"),
        ("<!doctype cross-domain-policy", "text/x-cross-domain-policy"), ("<jnlp ", "application/x-java-jnlp-file"),
        ("<svg", "image/svg+xml"), ("<!doctype svg", "image/svg+xml"), ("<?php", "text/x-php"),
    ]

    /// Comments and declarations before the first tag; at most as many as fit a sane document.
    private static let prologLimit = 16

    private static func skippingProlog(_ start: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Bool) {
        var body = start
        var sawDeclaration = false
        for _ in 0..<prologLimit {
            if starts(body, with: "<!--") {
                guard let end = firstRange(of: "-->", in: body) else { break }
                body = body[end...]
            } else if starts(body, with: "<?xml ") {
                sawDeclaration = true
                guard let end = firstRange(of: "?>", in: body) else { break }
                body = body[end...]
            } else {
                break
            }
            body = body.drop { isSpace($0) }
        }
        return (body, sawDeclaration)
    }

    /// Index after the first occurrence of `text`.
    private static func firstRange(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let needle = Array(text.utf8)
        guard bytes.count >= needle.count else { return nil }
        for index in bytes.startIndex...(bytes.endIndex - needle.count)
        where bytes[index..<(index + needle.count)].elementsEqual(needle) { return index + needle.count }
        return nil
    }

    /// Whether an object or array begins as JSON does (RFC 8259): a name or a value first.
    private static func isJSON(_ body: ArraySlice<UInt8>) -> Bool {
        let isObject = body.first == 0x7B
        let rest = body.dropFirst().drop { isSpace($0) }
        guard let next = rest.first else { return false }
        if isObject {
            if next == 0x7D { return rest.dropFirst().allSatisfy(isSpace) }
            guard next == 0x22, let close = rest.dropFirst().firstIndex(of: 0x22) else { return false }
            return rest[(close + 1)...].drop { isSpace($0) }.first == 0x3A
        }
        if next == 0x5D { return rest.dropFirst().allSatisfy(isSpace) }
        if next == 0x7B || next == 0x5B { return true }
        // Lines of logs and names of sections stand in brackets too: a comma follows a value, as Zeek demands, or it
        // is the only one.
        let behind = afterValue(rest).drop { isSpace($0) }
        return behind.first == 0x2C || behind.first == 0x5D && behind.dropFirst().allSatisfy(isSpace)
    }

    /// What follows a string, a number or a word of JSON; nothing where `bytes` begin with none.
    private static func afterValue(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for word in ["true", "false", "null"] where bytes.starts(with: word.utf8) { return bytes.dropFirst(word.count) }
        if bytes.first == 0x22 {
            var rest = bytes.dropFirst()
            while let byte = rest.popFirst(), byte != 0x22 { if byte == 0x5C { _ = rest.popFirst() } }
            return rest
        }
        let isNegative = bytes.first == 0x2D
        let rest = isNegative ? bytes.dropFirst() : bytes
        guard let first = rest.first, isDigit(first) else { return [] }
        // A fraction and an exponent (RFC 8259 §6).
        var end = rest.drop(while: isDigit)
        if end.first == 0x2E { end = end.dropFirst().drop(while: isDigit) }
        if let mark = end.first, mark.lowercasedASCII == 0x65 {
            end = end.dropFirst()
            if end.first == 0x2B || end.first == 0x2D { end = end.dropFirst() }
            end = end.drop(while: isDigit)
        }
        return end
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { return isUTF16(bytes) }
        let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let head = rest.prefix(plainMinimum)
        return head.count == plainMinimum && head.allSatisfy { isSpace($0) || (0x20...0x7E).contains($0) }
    }

    /// Units of UTF-16 behind the mark that are looked at.
    private static let unitLimit = 32

    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= plainMinimum else { return false }
        let high = bytes[0] == 0xFE ? 0 : 1
        var isInPair = false
        for start in stride(from: 2, to: Swift.min(bytes.count - 1, 2 + 2 * unitLimit), by: 2) {
            let unit = UInt16(bytes[start + high]) << 8 | UInt16(bytes[start + 1 - high])
            guard isInPair ? (0xDC00..<0xE000).contains(unit) : isWritten(unit) else { return false }
            isInPair = !isInPair && (0xD800..<0xDC00).contains(unit)
        }
        return true
    }

    /// Whether a unit may be written in a text, in front of the second half of a pair: a quarter of all may not, or
    /// hardly are (Unicode 16 §2.8), and so of some bytes of anything else a few are not.
    private static func isWritten(_ unit: UInt16) -> Bool {
        switch unit {
        case 0..<0x20: isSpace(UInt8(truncatingIfNeeded: unit))
        case 0x20..<0x7F, 0xA0..<0x0EE0, 0x0F00..<0x2E80: true  // scripts of letters and syllables, signs
        case 0x3000..<0x3400, 0x4E00..<0xD7A4, 0xF900..<0xFB00, 0xFF00..<0xFFF0: true  // of China, Japan and Korea
        case 0xD800..<0xDC00: true  // halves of what is beyond
        default: false
        }
    }
}
