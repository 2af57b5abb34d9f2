import Shared

/// What the engine of a site must be told; the rest it learns.
public struct SiteSettings: Codable, Equatable, Sendable {
    public var site: String
    /// IANA name; hours of the week and holidays follow it.
    public var timeZone: String
    /// Networks of the site beside the private ones, in CIDR notation.
    public var networks: [String]
    /// Public holidays of the country count as Sundays: `jp`, or empty for none.
    public var holidays: String
    /// Alerts of 70 % and more that are welcome in 30 days per 250 devices; 3 to 300.
    public var alertBudget: Double
    /// Folder with model files of the site's own, beside those that come with the program.
    public var modelFolder: String?
    /// Days after which what was learned weighs half.
    public var halfLifeDays: Double

    public init(
        site: String, timeZone: String = "Asia/Tokyo", networks: [String] = [], holidays: String = "jp",
        alertBudget: Double = 30, modelFolder: String? = nil, halfLifeDays: Double = 14
    ) {
        self.site = site
        self.timeZone = timeZone
        self.networks = networks
        self.holidays = holidays
        self.alertBudget = alertBudget
        self.modelFolder = modelFolder
        self.halfLifeDays = halfLifeDays
    }

    /// - Throws: every problem of the settings at once.
    public func validate() throws(SiteSettingsError) {
        var problems: [String] = []
        if !(3...300).contains(alertBudget) { problems.append("alert budget \(alertBudget): use 3 to 300") }
        if !(1...365).contains(halfLifeDays) { problems.append("half-life \(halfLifeDays): use 1 to 365 days") }
        for network in networks where AddressRange(network) == nil {
            problems.append("network '\(network)': use CIDR notation such as 203.0.113.0/24")
        }
        if SiteCalendar(timeZone: timeZone, holidays: holidays) == nil {
            problems.append(
                "time zone '\(timeZone)' or holidays '\(holidays)' is not known: use such as Asia/Tokyo and jp")
        }
        if !problems.isEmpty { throw SiteSettingsError(problems: problems) }
    }
}

/// Why a site's settings cannot be used.
public struct SiteSettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    public var problems: [String]
    public var description: String { problems.joined(separator: "; ") }
}

/// A network in CIDR notation (RFC 4632).
struct AddressRange: Sendable {
    private let base: IPAddress
    private let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
            length >= 0, length <= (address.isIPv4 ? 32 : 128)
        else { return nil }
        base = address
        bits = address.isIPv4 ? length + 96 : length
    }

    func contains(_ address: IPAddress) -> Bool {
        let highMask: UInt64 = bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits))
        let lowMask: UInt64 = bits <= 64 ? 0 : ~(bits == 128 ? 0 : UInt64.max >> UInt64(bits - 64))
        return (address.high ^ base.high) & highMask == 0 && (address.low ^ base.low) & lowMask == 0
    }
}
