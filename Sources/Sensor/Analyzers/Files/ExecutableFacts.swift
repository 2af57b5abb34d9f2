internal import Shared

/// What the headers of a Windows executable say of it (Microsoft, "PE Format"), read from a file's first bytes.
struct ExecutableFacts: Sendable {
    private(set) var machine = ""
    private(set) var compiled = Timestamp.distantPast
    private(set) var characteristics: UInt16 = 0
    private(set) var image: Image?
    private(set) var sections: [String] = []

    /// The "optional" header, which objects do not have.
    struct Image: Sendable {
        let system: String
        let subsystem: String
        let flags: UInt16
        /// Whether each of the first tables (exports, imports, ..., debugging data) has a size.
        var tables: [Bool] = []
    }

    /// Sections of one file that are named; the format's own limit is 96.
    private static let sectionLimit = 96
    /// Tables of one file; the format has sixteen.
    private static let tableLimit = 16

    /// Nil when the bytes hold no header of the format.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x4D, 0x5A]), (try? read(bytes)) != nil, !machine.isEmpty else { return nil }
    }

    private mutating func read(_ bytes: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(bytes)
        try reader.skip(60)
        let start = Int(try reader.le(UInt32.self))
        reader = ByteReader(bytes)
        try reader.skip(start)
        guard try reader.be(UInt32.self) == 0x5045_0000 else { throw .invalid(.magic) }
        let number: UInt16 = try reader.le()
        let sectionCount = Int(try reader.le(UInt16.self))
        compiled = Timestamp(nanoseconds: Int64(try reader.le(UInt32.self)) * 1_000_000_000)
        try reader.skip(8)
        let length = Int(try reader.le(UInt16.self))
        characteristics = try reader.le()
        machine = Self.machines[number] ?? "unknown-\(number)"
        // What lies past the bytes that were kept is left out, what was read before stays.
        guard length > 0, let header = try? reader.reader(length) else { return }
        image = try? Self.image(header)
        for _ in 0..<Swift.min(sectionCount, Self.sectionLimit) {
            guard var section = try? reader.reader(40), let name = try? section.take(8) else { return }
            sections.append(name.prefix { $0 != 0 }.wireText)
        }
    }

    private static func image(_ header: ByteReader) throws(DecodeError) -> Image {
        var reader = header
        let isWide = try reader.le(UInt16.self) == 0x20B
        try reader.skip(38)
        let (major, minor): (UInt16, UInt16) = (try reader.le(), try reader.le())
        try reader.skip(24)
        let subsystem: UInt16 = try reader.le()
        var image = Image(
            system: systems[Int(major) << 16 | Int(minor)] ?? "unknown-\(major).\(minor)",
            subsystem: subsystems[subsystem] ?? "unknown-\(subsystem)", flags: try reader.le())
        try reader.skip(isWide ? 36 : 20)
        let count = Int(try reader.le(UInt32.self))
        for _ in 0..<Swift.min(count, tableLimit) {
            guard (try? reader.skip(4)) != nil, let size: UInt32 = try? reader.le() else { break }
            image.tables.append(size > 0)
        }
        return image
    }

    /// Writes the `pe` record.
    func write(fuid: String, into sink: inout RecordSink) {
        let pe = Records.pe
        sink.begin(pe)
        sink.batch.set(pe.id, fuid)
        sink.batch.set(pe.machine, machine)
        sink.batch.set(pe.compileTs, compiled)
        sink.batch.set(pe.isExe, image != nil)
        sink.batch.set(pe.is64Bit, characteristics & 0x100 == 0)
        let flags = image?.flags ?? 0
        sink.batch.set(pe.usesAslr, flags & 0x40 != 0)
        sink.batch.set(pe.usesDep, flags & 0x100 != 0)
        sink.batch.set(pe.usesCodeIntegrity, flags & 0x80 != 0)
        sink.batch.set(pe.usesSeh, flags & 0x400 == 0)
        if let image {
            sink.batch.set(pe.os, image.system)
            sink.batch.set(pe.subsystem, image.subsystem)
            for (index, field) in [
                (0, pe.hasExportTable), (1, pe.hasImportTable), (4, pe.hasCertTable), (6, pe.hasDebugData),
            ] {
                sink.batch.set(field, index < image.tables.count && image.tables[index])
            }
            sink.batch.set(pe.sectionNames, sections)
        }
        sink.end()
    }

    private static let machines: [UInt16: String] = [
        0: "UNKNOWN", 0x1D3: "AM33", 0x8664: "AMD64", 0x1C0: "ARM", 0x1C4: "ARMNT", 0xAA64: "ARM64", 0xEBC: "EBC",
        0x14C: "I386", 0x200: "IA64", 0x9041: "M32R", 0x266: "MIPS16", 0x366: "MIPSFPU", 0x466: "MIPSFPU16",
        0x1F0: "POWERPC", 0x1F1: "POWERPCFP", 0x166: "R4000", 0x1A2: "SH3", 0x1A3: "SH3DSP", 0x1A6: "SH4",
        0x1A8: "SH5", 0x1C2: "THUMB", 0x169: "WCEMIPSV2",
    ]

    private static let subsystems: [UInt16: String] = [
        0: "UNKNOWN", 1: "NATIVE", 2: "WINDOWS_GUI", 3: "WINDOWS_CUI", 7: "POSIX_CUI", 9: "WINDOWS_CE_GUI",
        10: "EFI_APPLICATION", 11: "EFI_BOOT_SERVICE_DRIVER", 12: "EFI_RUNTIME_DRIVER", 13: "EFI_ROM", 14: "XBOX",
    ]

    /// Versions of the operating system, major in the upper half, in Zeek's words.
    private static let systems: [Int: String] = [
        0xA_0000: "Windows 10", 0x6_0004: "Windows 10 Technical Preview", 0x6_0003: "Windows 8.1 or Server 2012 R2",
        0x6_0002: "Windows 8 or Server 2012", 0x6_0001: "Windows 7 or Server 2008 R2",
        0x6_0000: "Windows Vista or Server 2008", 0x5_0002: "Windows XP x64 or Server 2003", 0x5_0001: "Windows XP",
        0x5_0000: "Windows 2000", 0x4_005A: "Windows Me", 0x4_000A: "Windows 98", 0x4_0000: "Windows 95 or NT 4.0",
        0x3_0033: "Windows NT 3.51", 0x3_0032: "Windows NT 3.5", 0x3_000A: "Windows 3.1 or NT 3.1",
        0x1_0000: "Windows 1.0",
    ]
}
