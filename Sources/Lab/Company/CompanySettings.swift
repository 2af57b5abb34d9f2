internal import Shared

/// What company to simulate.
public struct CompanySettings: Sendable {
    public var site = "tokyo"
    public var users = 60
    public var days = 28
    /// First day, as days since 1970-01-01.
    public var firstDay = CivilDate.daysSinceEpoch(year: 2026, month: 10, day: 5)
    public var seed: UInt64 = 1
    /// First two bytes of the site's network: 10.20 is 10.20.0.0/16.
    public var subnet: (UInt8, UInt8) = (10, 20)
    /// How busy people are; 1 is about 300 connections per PC and working day.
    public var intensity = 1.0
    public var stories: [StoryKind] = []
    /// Hours ahead of UTC; Japan has no summer time.
    public var zoneHours = 9

    public init() {}

    /// - Throws: ``LabError`` with the value that is out of range.
    public func validate() throws(LabError) {
        guard (5...2000).contains(users) else { throw .setting("--users \(users): give 5 to 2000") }
        guard (1...730).contains(days) else { throw .setting("--days \(days): give 1 to 730") }
        guard intensity >= 0.05, intensity <= 10 else { throw .setting("--intensity \(intensity): give 0.05 to 10") }
        guard stories.isEmpty || days >= 7 else {
            throw .setting("--story needs at least 7 days, since stories play in the last week; got --days \(days)")
        }
        guard !site.isEmpty, site.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
            throw .setting("--site \(site): use letters, digits, - and _")
        }
    }
}

/// Why the laboratory cannot do what it was asked.
public enum LabError: Error, Equatable, Sendable, CustomStringConvertible {
    case setting(String)
    case cannotWrite(path: String, reason: String)

    public var description: String {
        switch self {
        case .setting(let text): text
        case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)"
        }
    }
}

/// The stories that can be played, with their names on the command line.
public enum StoryKind: String, Sendable, CaseIterable {
    case exfiltration, bruteforce
    case adminCredentials = "admin-credentials"
    case nightHR = "night-hr"
    case beacon, exe
    case newDevice = "new-device"
    case scan
    case dnsTunnel = "dns-tunnel"
}
