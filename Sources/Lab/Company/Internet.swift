internal import Shared

/// The outside as people at work use it: sites by popularity, parts that many sites share, services of machines.
struct Internet: Sendable {
    struct Site: Sendable {
        var name: String
        /// Parts that a page pulls in, as numbers of ``parts``.
        var parts: [Int]
        /// Median bytes of a page.
        var pageBytes: Double
    }

    static let siteCount = 2000
    let sites: [Site]
    /// Running sums of the popularity, for drawing.
    private let popularity: [Double]

    /// Content networks, fonts, counters: on many sites.
    static let parts = [
        "cdn.jsdelivr.net", "fonts.gstatic.com", "fonts.googleapis.com", "www.google-analytics.com",
        "www.googletagmanager.com", "static.cloudflareinsights.com", "d1a2b3c4d5e6f7.cloudfront.net",
        "assets.akamaized.net", "s.yimg.jp", "cdn.treasuredata.com", "ajax.googleapis.com", "connect.facebook.net",
        "platform.twitter.com", "i.ytimg.com", "securepubads.g.doubleclick.net", "unpkg.com",
    ]
    /// What machines ask for by themselves.
    static let antivirus = "update.virusbuster-av.example"
    static let timeServer = "ntp.nict.jp"
    static let systemUpdates = [
        "fe3cr.delivery.mp.microsoft.com", "ctldl.windowsupdate.com", "slscr.update.microsoft.com",
    ]
    static let telemetry = ["v10.events.data.microsoft.com", "settings-win.data.microsoft.com"]
    static let chat = ["teams.microsoft.com", "outlook.office365.com", "graph.microsoft.com"]
    static let downloads = ["download.mozilla.org", "dl.google.com", "download.visualstudio.microsoft.com"]
    static let meetings = "zoom.us"

    init(random: SeededRandom) {
        var chance = random
        var sum = 0.0
        var sites: [Site] = []
        var sums: [Double] = []
        for index in 0..<Self.siteCount {
            let parts = (0..<chance.int(0, 4)).map { _ in chance.int(0, Self.parts.count - 1) }
            let name = Self.name(&chance, number: index)
            sites.append(Site(name: "www." + name, parts: parts, pageBytes: chance.skewed(median: 60_000, spread: 1.2)))
            sum += 1 / (Double(index) + 2.7)
            sums.append(sum)
        }
        self.sites = sites
        popularity = sums
    }

    static func name(_ chance: inout SeededRandom, number: Int) -> String {
        let word = (0..<chance.int(2, 3)).map { _ in chance.pick(Words.syllables) }.joined()
        let kind = chance.chance(0.4) ? "-" + chance.pick(Words.siteKinds) : ""
        return "\(word)\(kind)\(number % 3 == 0 ? String(number % 89) : "").\(chance.pick(Words.endingsOfNames))"
    }

    /// Draws a site: popularity falls with the rank (Zipf).
    func site(_ chance: inout SeededRandom) -> Int {
        let goal = chance.unit() * (popularity.last ?? 1)
        var low = 0
        var high = popularity.count - 1
        while low < high {
            let middle = (low + high) / 2
            if popularity[middle] < goal { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func favourites(_ chance: inout SeededRandom) -> [Int] {
        var seen: Set<Int> = []
        var list: [Int] = []
        while list.count < 70 {
            let site = chance.chance(0.4) ? chance.int(0, Self.siteCount - 1) : self.site(&chance)
            if seen.insert(site).inserted { list.append(site) }
        }
        return list
    }

    /// A name that hardly anyone asks for: the long tail that everyone meets a few times a day.
    func tail(_ chance: inout SeededRandom) -> String { Self.name(&chance, number: chance.int(0, 60_000)) }

    /// One of the addresses of a name, always the same two; content networks sit close together.
    static func address(of name: String, _ choice: Int = 0) -> IPAddress {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash ^= hash >> 29
        // First bytes that are neither private, multicast, nor reserved.
        let firsts: [UInt64] = [
            13, 18, 20, 23, 34, 52, 54, 59, 104, 106, 118, 133, 142, 151, 153, 157, 160, 163, 182, 202, 203, 210,
        ]
        let first = firsts[Int(hash % UInt64(firsts.count))]
        let rest = (hash >> 8) & 0xFFFF00 | (hash >> 40) % 253 + 1
        return IPAddress(v4: UInt32(first << 24 | (rest + UInt64(choice % 2)) & 0xFFFFFF))
    }
}
