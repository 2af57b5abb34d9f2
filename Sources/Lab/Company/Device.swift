internal import Shared

/// A machine of the company.
struct Device: Sendable {
    enum Role: Sendable { case pc, laptop, server, printer, camera, meetingRoom, nas, appliance }
    /// NetBIOS name, also the host part of its DNS name.
    var name: String
    var role: Role
    var address: IPAddress
    var mac: MACAddress
    /// The system, as an index into the fingerprints of ``Applications``.
    var platform = 0
}

/// Someone who works at the company, with habits of their own.
struct Person: Sendable {
    var index: Int
    var department: Department
    /// Account in the domain: `sato.k`.
    var account: String
    var device: Device
    /// Position among the laptops, which change their addresses every week; nil for a desktop.
    var laptopNumber: Int?
    /// Seconds after midnight.
    var arrives: Double
    var leaves: Double
    /// How much this person does, around 1.
    var diligence: Double
    /// Favourite sites, as numbers of ``Internet`` sites, the dearest first.
    var favourites: [Int]
    /// Chance of a wrong password at a login.
    var typoRate: Double
}

/// Parts of the company; each has a share on the file server.
enum Department: String, CaseIterable, Sendable {
    case sales = "SALES"
    case engineering = "ENG"
    case accounting = "ACCT"
    case humanResources = "HR"
    case management = "MGMT"
    case generalAffairs = "GA"

    /// Name of its share.
    var share: String {
        switch self {
        case .sales: "営業部"
        case .engineering: "技術部"
        case .accounting: "経理部"
        case .humanResources: "人事部"
        case .management: "経営企画"
        case .generalAffairs: "総務部"
        }
    }

    /// Of a hundred people; the rest is in sales.
    var share100: Int {
        switch self {
        case .sales: 40
        case .engineering: 25
        case .accounting: 10
        case .humanResources: 8
        case .management: 7
        case .generalAffairs: 10
        }
    }
}
