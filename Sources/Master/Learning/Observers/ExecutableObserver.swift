import Shared

/// Programs that come from where nobody gets programs.
///
/// Method: a base for the kind of file, how rare and how young its origin is, and more for an origin without a name;
/// less where the site often meets new origins of programs. Minimum data: none. Known false positives: the first
/// machine that installs a small maker's software.
struct ExecutableObserver: Observer {
    private var site = RateMemory()
    private var hourCount = 0

    /// Content types of programs, as Zeek and libmagic name them.
    static let types: Set<String> = [
        "application/x-dosexec", "application/x-executable", "application/x-mach-o-executable", "application/x-elf",
        "application/vnd.microsoft.portable-executable", "application/x-msdownload", "application/x-sharedlib",
        "application/x-pie-executable", "application/x-msi", "application/x-ms-shortcut",
    ]
    static let base = 8.0
    static let namelessBits = 6.0

    init(settings: SiteSettings) {}

    mutating func code(_ archive: inout StateArchive) {
        archive.single("executable.site", &site)
        archive.single("executable.hour", &hourCount)
    }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .web(let web):
            guard web.originator.isInside, web.destination >= 0 else { return }
            guard let type = web.mimeTypes.first(where: Self.types.contains) else { return }
            let name = web.fileNames.first ?? web.uri
            take(
                web.originator.device, web.destination, type, name, host: web.host, bytes: web.received, uid: web.uid,
                moment, inventory, &sink)
        case .file(let file):
            guard file.receiver.isInside, file.destination >= 0, Self.types.contains(file.mimeType) else { return }
            take(
                file.receiver.device, file.destination, file.mimeType, file.name, host: file.sender.address.description,
                bytes: file.byteCount, uid: file.uid, moment, inventory, &sink)
        default: break
        }
    }

    private mutating func take(
        _ device: Int, _ number: Int, _ type: String, _ name: String, host: String, bytes: Double, uid: String,
        _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        let destination = inventory.destinations[number]
        let rarity = Rarity.bits(destination, device: device, moment)
        let youth = Rarity.youthBits(destination, moment)
        guard rarity + youth > 1.5 else { return }
        hourCount += 1
        var signal = Signal(
            "file.executable", device: device, subject: destination.name, time: moment.time,
            bits: Self.base + rarity + youth - Surprise.log2(1 + site.mean * 24 * 3))
        if destination.isAddress { signal.bits += Self.namelessBits }
        signal.destinations = [number]
        signal.values = Rarity.values(destination, device: device, moment)
        signal.values["file"] = .text(String(name.prefix(200)))
        signal.values["mime_type"] = .text(type)
        signal.values["bytes"] = .bytes(bytes)
        signal.evidence = [
            Evidence(
                kind: "file", time: moment.time, uid: uid,
                fields: [
                    "host": .text(host), "name": .text(String(name.prefix(200))), "mime_type": .text(type),
                    "size": .bytes(bytes),
                ])
        ]
        sink.emit(signal)
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        site.add(Double(min(hourCount, 5)), hour: Int(moment.time.nanoseconds / 3_600_000_000_000))
        hourCount = 0
    }
}
