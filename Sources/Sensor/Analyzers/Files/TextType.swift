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
        ("dim ", "text/vbscript"),
        ("@echo off", "text/x-msdos-batch"),
    ]

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
        ("<svg", "image/svg+xml"), ("<?php", "text/x-php"),
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
        return next == 0x7B || next == 0x5B || next == 0x22 || (0x30...0x39).contains(next)
            || starts(rest, with: "true") || starts(rest, with: "false")
    }

    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        let isUTF16 = bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
        if isUTF16 { return bytes.count >= plainMinimum }
        let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let head = rest.prefix(plainMinimum)
        return head.count == plainMinimum && head.allSatisfy { isSpace($0) || (0x20...0x7E).contains($0) }
    }
}
