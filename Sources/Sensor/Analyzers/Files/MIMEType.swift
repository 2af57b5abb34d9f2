/// MIME type by content, in Zeek's names.
///
/// Binary formats are told by a signature at a fixed place; text is looked at as text. Where nothing fits the type
/// stays unknown rather than `application/octet-stream`, as in Zeek.
enum MIMEType {
    /// The type of a file that begins with `bytes`, or nil.
    static func of(_ bytes: [UInt8]) -> String? {
        binary(bytes) ?? (isTar(bytes) ? "application/x-tar" : TextType.of(bytes))
    }

    /// One signature: bytes at an offset; 256 stands for any byte.
    private struct Signature {
        let type: String
        let offset: Int
        let pattern: [UInt16]

        init(_ type: String, _ pattern: [UInt16], at offset: Int = 0) {
            (self.type, self.pattern, self.offset) = (type, pattern, offset)
        }
        init(_ type: String, _ text: String, at offset: Int = 0) {
            (self.type, pattern, self.offset) = (type, text.utf8.map(UInt16.init), offset)
        }

        func matches(_ bytes: [UInt8]) -> Bool {
            guard bytes.count >= offset + pattern.count else { return false }
            for (index, expected) in pattern.enumerated()
            where expected != 256 && UInt16(bytes[offset + index]) != expected { return false }
            return true
        }
    }

    private static func binary(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x4D where bytes.count > 1 && bytes[1] == 0x5A: return "application/x-dosexec"
        case 0x7F: if let type = elf(bytes) { return type }
        case 0x50: if let type = ZipType.of(bytes) { return type }
        case 0xD0: if let type = compound(bytes) { return type }
        case 0xCA: if let type = cafeBabe(bytes) { return type }
        case 0x30 where bytes.count > 19: if let type = der(bytes) { return type }
        case 0x1A: if let type = matroska(bytes) { return type }
        case 0xFF where isMPEGAudio(bytes): return "audio/mpeg"
        default: break
        }
        if let type = media(bytes) { return type }
        if isPythonBytecode(bytes) { return "application/x-python-bytecode" }
        return signaturesByFirstByte[Int(first)].first { $0.matches(bytes) }?.type
    }

    /// Those that a file with this first byte can have, in their order.
    private static let signaturesByFirstByte: [[Signature]] = (0..<256).map { first in
        signatures.filter { $0.offset > 0 || Int($0.pattern[0]) == first }
    }

    /// ELF: e_type after the 16 bytes of identification (System V ABI, chapter 4).
    private static func elf(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]), bytes.count >= 18 else { return nil }
        let (low, high) = bytes[5] == 2 ? (bytes[17], bytes[16]) : (bytes[16], bytes[17])
        let type = UInt16(high) << 8 | UInt16(low)
        switch type {
        case 1: return "application/x-object"
        case 2: return "application/x-executable"
        case 3: return "application/x-sharedlib"
        case 4: return "application/x-coredump"
        default: return "application/x-executable"
        }
    }

    /// OLE compound files ([MS-CFB] §2.2), by streams named in what was seen of them.
    private static func compound(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) else { return nil }
        func has(_ text: String) -> Bool { contains(bytes, text.utf8.flatMap { [$0, 0] }) }
        if has("WordDocument") { return "application/msword" }
        if has("Workbook") { return "application/vnd.ms-excel" }
        if has("PowerPoint Document") { return "application/vnd.ms-powerpoint" }
        return "application/msword"
    }

    /// Java classes and universal Mach-O binaries share a signature: a class has its version there (45 and more),
    /// a binary its few architectures.
    private static func cafeBabe(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0xCA, 0xFE, 0xBA, 0xBE]), bytes.count >= 8 else { return nil }
        return bytes[7] >= 45 ? "application/x-java-applet" : "application/x-mach-o-executable"
    }

    /// OCSP messages (RFC 6960 §4): the object identifiers where they stand in them, as Zeek looks for them. A request
    /// for a time stamp may have SHA-1 there too, and begins with a number (RFC 3161 §2.4.1).
    private static func der(_ bytes: [UInt8]) -> String? {
        func has(_ identifier: [UInt8]) -> Bool { (11...19).contains { bytes.dropFirst($0).starts(with: identifier) } }
        if has([0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01]) {
            return "application/ocsp-response"
        }
        let head = bytes[1] < 0x80 ? 2 : 2 + Int(bytes[1] & 7)
        guard bytes[head] == 0x30, has([0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A]) else { return nil }
        return "application/ocsp-request"
    }

    /// Matroska and WebM are told apart by the type of document in their first element (RFC 8794 §11.2.6).
    private static func matroska(_ bytes: [UInt8]) -> String? {
        guard bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) else { return nil }
        return contains(Array(bytes.prefix(64)), Array("matroska".utf8)) ? "video/x-matroska" : "video/webm"
    }

    /// The head of a frame (ISO/IEC 11172-3 §2.4.1.3) with the versions and layers that Zeek knows, and a rate of bits
    /// and of samples that are not forbidden.
    private static func isMPEGAudio(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 3, bytes[2] >> 4 != 15, bytes[2] >> 2 & 3 != 3 else { return false }
        switch bytes[1] {
        case 0xE2, 0xE3, 0xF2, 0xF3, 0xF6, 0xF7, 0xFA...0xFD: return true
        default: return false
        }
    }

    /// Containers of ISO/IEC 14496-12 §4.3: the brand that a file is best used as, and where that is the pictures'
    /// general one (ISO/IEC 23008-12 §10.2) those that it keeps to as well.
    private static func media(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 12 else { return nil }
        // Those of QuickTime before it had brands begin with their content or its description, which have a length
        // where text has letters.
        if bytes[0] < 0x20, bytes[4..<8].elementsEqual("moov".utf8) || bytes[4..<8].elementsEqual("mdat".utf8) {
            return "video/quicktime"
        }
        guard bytes[4..<8].elementsEqual("ftyp".utf8) else { return nil }
        switch String(decoding: bytes[8..<12], as: UTF8.self) {
        case "qt  ": return "video/quicktime"
        case "heic", "heix": return "image/heic"
        case "avif", "avis": return "image/avif"
        case "mif1":
            let others = Array(bytes.prefix(Swift.min(64, Int(bytes[3]))))
            if contains(others, Array("avif".utf8)) { return "image/avif" }
            return contains(others, Array("heic".utf8)) ? "image/heic" : "image/heif"
        default: return "video/mp4"
        }
    }

    /// Python's version (`Include/internal/pycore_magic_number.h`: 62211 is 2.7, 3000 and more 3.0 to 3.14), CR and LF.
    /// Since 3.7 flags follow, of which two are known (PEP 552); before, times and sizes in front of the code itself.
    private static func isPythonBytecode(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8, bytes[2] == 0x0D, bytes[3] == 0x0A else { return false }
        let version = UInt16(bytes[1]) << 8 | UInt16(bytes[0])
        guard (3000..<3700).contains(version) else { return version == 62211 }
        if version >= 3392 { return bytes[4] < 4 && bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0 }
        let code = version < 3210 ? 8 : 12
        return bytes.count > code && bytes[code] & 0x7F == 0x63
    }

    /// Archives of tar before it had a mark (the seventh edition of Unix, tar(5)): a name, three octal numbers, two
    /// long ones and a sum, as Zeek knows them.
    private static func isTar(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 157, bytes[0] != 0, bytes[156] == 0 || (0x30...0x37).contains(bytes[156]) else {
            return false
        }
        let ends = [107, 115, 123, 135, 147]
        for place in 100..<148 {
            let isDigit = (0x30...0x39).contains(bytes[place]) || bytes[place] == 0x20
            guard ends.contains(place) ? bytes[place] == 0 : isDigit else { return false }
        }
        return bytes[..<100].allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0 }
            && bytes[148..<156].allSatisfy { (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0 }
    }

    private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        for start in 0...(bytes.count - needle.count) where bytes[start] == first {
            if bytes[start..<(start + needle.count)].elementsEqual(needle) { return true }
        }
        return false
    }

    private static let signatures: [Signature] = [
        Signature("application/pdf", "%PDF-"),
        Signature("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        Signature("image/jpeg", [0xFF, 0xD8, 0xFF]),
        Signature("image/gif", "GIF8"),
        Signature("image/webp", [0x52, 0x49, 0x46, 0x46, 256, 256, 256, 256, 0x57, 0x45, 0x42, 0x50]),
        Signature("audio/x-wav", [0x52, 0x49, 0x46, 0x46, 256, 256, 256, 256, 0x57, 0x41, 0x56, 0x45]),
        Signature("video/x-msvideo", [0x52, 0x49, 0x46, 0x46, 256, 256, 256, 256, 0x41, 0x56, 0x49, 0x20]),
        Signature("image/x-icon", [0, 0, 1, 0, 256, 0]),
        Signature("image/tiff", [0x49, 0x49, 0x2A, 0]),
        Signature("image/tiff", [0x4D, 0x4D, 0, 0x2A]),
        Signature("image/tiff", [0x49, 0x49, 0x2B, 0]),
        Signature("image/tiff", [0x4D, 0x4D, 0, 0x2B]),
        Signature("image/jp2", [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        Signature("image/vnd.adobe.photoshop", "8BPS"),
        Signature("image/x-ms-bmp", [0x42, 0x4D, 256, 256, 256, 256, 0, 0, 0, 0]),
        Signature("application/x-gzip", [0x1F, 0x8B]),
        Signature("application/x-bzip2", "BZh"),
        Signature("application/x-xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
        Signature("application/x-compress", [0x1F, 0x9D]),
        Signature("application/x-lz4", [0x04, 0x22, 0x4D, 0x18]),
        Signature("application/x-lz4", [0x02, 0x21, 0x4C, 0x18]),
        Signature("application/x-ace", "**ACE**", at: 7),
        Signature("application/x-dmg", [0x78, 0x01, 0x73, 0x0D, 0x62, 0x62, 0x60]),
        Signature("application/x-dmg", [0x78, 0xDA, 0x63, 0x60, 0x18, 0x05]),
        Signature("application/x-dmg", [0x78, 0x01, 0x63, 0x60, 0x18, 0x05]),
        Signature("application/x-dmg", [0x78, 0xDA, 0x73, 0x0D]),
        Signature("application/x-zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        Signature("application/x-7z-compressed", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        Signature("application/x-rar", "Rar!\u{1A}\u{07}"),
        Signature("application/vnd.ms-cab-compressed", "MSCF\0\0\0\0"),
        Signature("application/x-tar", "ustar", at: 257),
        Signature("application/x-xar", "xar!"),
        Signature("application/x-lzma", [0x5D, 0, 0]),
        Signature("application/x-arj", [0x60, 0xEA, 256, 0]),
        Signature("application/x-lzh", [0x2D, 0x6C, 0x68, 256, 0x2D], at: 2),
        Signature("application/x-msaccess", "Standard Jet DB\0", at: 4),
        Signature("application/x-msaccess", "Standard ACE DB\0", at: 4),
        Signature("application/x-ms-shortcut", [0x4C, 0, 0, 0, 1, 0x14, 2, 0, 0, 0, 0, 0, 0xC0]),
        Signature("text/rtf", "{\\rtf"),
        Signature("application/x-shockwave-flash", "CWS"),
        Signature("application/x-shockwave-flash", "FWS"),
        Signature("application/x-shockwave-flash", "ZWS"),
        Signature("application/x-mach-o-executable", [0xCE, 0xFA, 0xED, 0xFE]),
        Signature("application/x-mach-o-executable", [0xCF, 0xFA, 0xED, 0xFE]),
        Signature("audio/mpeg", "ID3"),
        Signature("audio/ogg", "OggS"),
        Signature("video/mpv", [0, 0, 1, 0xB3]),
        Signature("video/mpeg", [0, 0, 1, 0xBA]),
        Signature("video/mpeg", [0, 0, 1, 0xBB]),
        Signature("video/x-flv", "FLV\u{01}"),
        Signature("application/vnd.tcpdump.pcap", [0xA1, 0xB2, 0xC3, 0xD4]),
        Signature("application/vnd.tcpdump.pcap", [0xD4, 0xC3, 0xB2, 0xA1]),
        Signature("application/vnd.tcpdump.pcap", [0x0A, 0x0D, 0x0D, 0x0A]),
        Signature("application/vnd.ms-tnef", [0x78, 0x9F, 0x3E, 0x22]),
        Signature("application/font-woff", "wOFF"),
        Signature("application/font-woff2", "wOF2"),
        Signature("application/x-font-ttf", [0, 1, 0, 0, 0]),
        Signature("application/vnd.ms-opentype", "OTTO"),
        Signature("application/skp", [0xFF, 0xFE, 0xFF, 0x0E, 0x53, 0, 0x6B, 0, 0x65, 0, 0x74, 0, 0x63, 0, 0x68, 0]),
        Signature("application/x-java-keystore", [0xFE, 0xED, 0xFE, 0xED]),
        Signature("application/x-java-jce-keystore", [0xCE, 0xCE, 0xCE, 0xCE]),
        Signature("application/x-chrome-extension", "Cr24"),
        Signature("application/x-rpm", [0xED, 0xAB, 0xEE, 0xDB]),
        Signature("application/x-debian-package", "!<arch>\ndebian"),
        Signature("application/x-pem", "-----BEGIN CERTIFICATE-----"),
        Signature("application/wasm", [0x00, 0x61, 0x73, 0x6D]),
    ]
}
