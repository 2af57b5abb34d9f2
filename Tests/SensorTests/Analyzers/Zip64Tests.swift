import Shared
import Testing

@testable import Sensor

/// Zip files whose entries have the extra field of Zip64 (PKWARE APPNOTE 6.3.10 section 4.5.3), as small ones have too
/// that are written before their lengths are known.
@Suite struct Zip64Tests {
    private static let content = Array("some text content, some more of it".utf8)
    private static let end: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)

    private static func little(_ value: Int, _ count: Int) -> [UInt8] { HostileTraffic.little(value, count) }

    /// A local file header (section 4.3.7), and what follows it. Of sizes nil stands for the extra field's.
    private static func entry(
        _ name: String, flags: Int = 0, method: Int = 0, packed: Int? = nil, whole: Int? = nil, extra: [UInt8],
        _ rest: [UInt8]
    ) -> [UInt8] {
        [0x50, 0x4B, 3, 4] + little(45, 2) + little(flags, 2) + little(method, 2) + little(0, 8)
            + little(packed ?? 0xFFFF_FFFF, 4) + little(whole ?? 0xFFFF_FFFF, 4) + little(name.utf8.count, 2)
            + little(extra.count, 2) + Array(name.utf8) + extra + rest
    }

    private static func field(_ id: Int, _ sizes: Int...) -> [UInt8] {
        little(id, 2) + little(8 * sizes.count, 2) + sizes.flatMap { little($0, 8) }
    }

    /// Every entry is told, with what lies in it.
    private static func expectAll(_ archive: [UInt8], _ names: [String]) {
        let digest = Digest.sha256.text(of: content)
        for piece in [1, 7, 4096] {
            let records = ZipContentsTests.records(archive + end, piece: piece).dropFirst()
            #expect(records.map { $0["name"] } == names, "pieces of \(piece)")
            #expect(records.allSatisfy { $0["sha256"] == digest }, "pieces of \(piece)")
        }
    }

    /// The unpacked size stands first; other fields may stand in front.
    @Test func sizesAreInTheExtraField() {
        let count = Self.content.count
        let stored = Self.entry("a.txt", extra: Self.field(1, count, count), Self.content)
        let behind = Self.entry("b.txt", extra: Self.field(0x5455, 0) + Self.field(1, count, count), Self.content)
        let packed = HostileTraffic.compressed(Self.content, windowBits: -15)
        let deflated = Self.entry("c.txt", method: 8, extra: Self.field(1, count, packed.count), packed)
        let folder = Self.entry("d/", extra: Self.field(1, 0, 0), [])
        Self.expectAll(folder + stored + behind + folder + deflated + stored, ["a.txt", "b.txt", "c.txt", "a.txt"])
    }

    /// The specification wants both in a local header; some write what is needed.
    @Test func oneSizeAloneIsTaken() {
        let count = Self.content.count
        Self.expectAll(
            Self.entry("a.txt", whole: count, extra: Self.field(1, count), Self.content)
                + Self.entry("b.txt", whole: count, extra: Self.field(1, 9, count), Self.content)
                + Self.entry("c.txt", packed: count, extra: Self.field(1, count), Self.content),
            ["a.txt", "b.txt", "c.txt"])
    }

    /// Section 4.3.9.2: sizes in a descriptor have eight bytes where the header has the field.
    @Test(arguments: [nil, 0]) func descriptorsAreLonger(size: Int?) {
        let packed = HostileTraffic.compressed(Self.content, windowBits: -15)
        let sizes = Self.little(packed.count, 8) + Self.little(Self.content.count, 8)
        let descriptor: [UInt8] = [0x50, 0x4B, 7, 8, 1, 2, 3, 4]
        func wide(_ name: String) -> [UInt8] {
            Self.entry(
                name, flags: 8, method: 8, packed: size, whole: size, extra: Self.field(1, 0, 0),
                packed + descriptor + sizes)
        }
        let narrow = Self.entry(
            "b.txt", flags: 8, method: 8, packed: 0, whole: 0, extra: [],
            packed + descriptor + Self.little(packed.count, 4) + Self.little(Self.content.count, 4))
        Self.expectAll(wide("a.txt") + narrow + wide("c.txt"), ["a.txt", "b.txt", "c.txt"])
    }

    /// Fields that are too short, sizes beyond all measure, and fields that pass the header's end.
    @Test func hostileFieldsAreSurvived() {
        let fields = [
            Self.field(1), Self.field(1, -1, -1), Self.field(1, -1), Self.little(1, 2) + Self.little(0xFFFF, 2),
            [1], Self.little(1, 2) + Self.little(4, 2) + [1, 2, 3, 4], Self.field(2, 1) + [1, 0, 16],
        ]
        for field in fields {
            for (packed, whole) in [(nil, nil), (nil, 5), (5, nil)] as [(Int?, Int?)] {
                for flags in [0, 8] {
                    let entry = Self.entry(
                        "a.txt", flags: flags, packed: packed, whole: whole, extra: field, Self.content)
                    #expect(ZipContentsTests.records(entry + Self.end, piece: 5).count <= 2)
                }
            }
        }
    }
}
