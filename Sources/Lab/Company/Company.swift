internal import Shared

/// Everything of a simulated company that does not change from day to day.
struct Company: Sendable {
    let settings: CompanySettings
    let random: SeededRandom
    let internet: Internet
    private(set) var people: [Person] = []
    private(set) var printers: [Device] = []
    private(set) var cameras: [Device] = []
    private(set) var meetingRooms: [Device] = []
    let domain = "corp.hinode-trading.example"
    /// Kerberos realm.
    let realm = "CORP.HINODE-TRADING.EXAMPLE"
    /// NetBIOS domain.
    let shortDomain = "HINODE"
    /// The company's own tenant of a cloud storage.
    let cloud = "hinode-trading.sharepoint.com"

    private(set) var controllers: [Device] = []
    private(set) var fileServer: Device
    private(set) var hrServer: Device
    private(set) var mailServer: Device
    private(set) var intranet: Device
    private(set) var nas: Device
    private(set) var backup: Device
    private(set) var scanner: Device
    private(set) var administrator: Device
    private(set) var gateway: Device

    init(_ settings: CompanySettings) {
        self.settings = settings
        random = SeededRandom(seed: settings.seed).fork(settings.site)
        // The Internet is the same for all sites of a company: it follows the seed of the names, not of the site.
        internet = Internet(random: SeededRandom(seed: 0x1A7E_57).fork("internet"))
        func server(_ name: String, _ last: Int, _ role: Device.Role = .server) -> Device {
            Device(
                name: name, role: role, address: Self.address(settings, 1, last),
                mac: Self.mac(settings, 1, last, vendor: 0x00_1B_21), platform: 3)
        }
        gateway = server("GW01", 1, .appliance)
        controllers = [server("DC01", 10), server("DC02", 11)]
        fileServer = server("FS01", 20)
        hrServer = server("HR01", 21)
        mailServer = server("MAIL01", 25)
        intranet = server("PORTAL01", 30)
        nas = server("NAS01", 40, .nas)
        backup = server("BACKUP01", 41)
        scanner = server("VSCAN01", 45)
        administrator = Device(
            name: "IT-PC001", role: .pc, address: Self.address(settings, 10, 250),
            mac: Self.mac(settings, 10, 250, vendor: 0x3C_52_82), platform: 0)
        hire()
        furnish()
    }

    var servers: [Device] { controllers + [fileServer, hrServer, mailServer, intranet, nas, backup] }

    static func address(_ settings: CompanySettings, _ third: Int, _ fourth: Int) -> IPAddress {
        IPAddress(
            v4: UInt32(settings.subnet.0) << 24 | UInt32(settings.subnet.1) << 16 | UInt32(third) << 8 | UInt32(fourth))
    }

    static func mac(_ settings: CompanySettings, _ third: Int, _ fourth: Int, vendor: UInt64) -> MACAddress {
        let own = UInt64(settings.subnet.1) << 16 | UInt64(third) << 8 | UInt64(fourth)
        return MACAddress(bits: vendor << 24 | own)
    }

    private mutating func hire() {
        var counts: [Department: Int] = [:]
        var taken: Set<String> = []
        var laptops = 0
        var plan: [Department] = []
        for department in Department.allCases {
            let share = max(1, settings.users * department.share100 / 100)
            plan += Array(repeating: department, count: share)
        }
        while plan.count < settings.users { plan.insert(.sales, at: 0) }
        for (index, department) in plan.prefix(settings.users).enumerated() {
            var chance = random.fork("person", index)
            let number = counts[department, default: 0] + 1
            counts[department] = number
            let isLaptop = chance.chance(department == .sales ? 0.5 : 0.2)
            people.append(person(index, department, number, isLaptop ? laptops : nil, &chance, &taken))
            if isLaptop { laptops += 1 }
        }
        laptopCount = laptops
    }

    /// Laptops change addresses among themselves.
    private(set) var laptopCount = 0

    private func person(
        _ index: Int, _ department: Department, _ number: Int, _ laptop: Int?, _ chance: inout SeededRandom,
        _ taken: inout Set<String>
    ) -> Person {
        let digits = number < 10 ? "00\(number)" : (number < 100 ? "0\(number)" : "\(number)")
        let third = 10 + index / 240
        let device = Device(
            name: "\(department.rawValue)-PC\(digits)", role: laptop == nil ? .pc : .laptop,
            address: Self.address(settings, third, 5 + index % 240),
            mac: Self.mac(settings, third, 5 + index % 240, vendor: chance.pick([0x3C_52_82, 0x8C_16_45, 0xF4_8E_38])),
            platform: chance.chance(0.15) ? 1 : 0)
        var account = ""
        repeat {
            account = chance.pick(Words.surnames) + "." + chance.pick(Words.initials)
        } while taken.contains(account)
            && taken.count < Words.surnames.count * Words.initials.count
        if taken.contains(account) { account += "\(index)" }
        taken.insert(account)
        // Most come between half past eight and half past nine; one in fifteen works from the afternoon into the night.
        let isLate = chance.chance(1.0 / 15) && department != .sales
        let arrives = isLate ? chance.normal(51_000, 1200) : chance.normal(31_800, 1500)
        let length = chance.normal(department == .engineering ? 34_500 : 33_000, 1800)
        return Person(
            index: index, department: department, account: account, device: device, laptopNumber: laptop,
            arrives: arrives, leaves: min(arrives + length, 85_800), diligence: chance.skewed(median: 1, spread: 0.35),
            favourites: internet.favourites(&chance), typoRate: chance.between(0.02, 0.09))
    }

    private mutating func furnish() {
        for index in 0..<max(1, settings.users / 20) {
            printers.append(
                Device(
                    name: "PRN-0\(index + 1)", role: .printer, address: Self.address(settings, 20, 10 + index % 200),
                    mac: Self.mac(settings, 20, 10 + index % 200, vendor: 0x00_26_73), platform: 4))
        }
        for index in 0..<max(2, settings.users / 15) {
            cameras.append(
                Device(
                    name: "CAM-0\(index + 1)", role: .camera, address: Self.address(settings, 30, 10 + index % 200),
                    mac: Self.mac(settings, 30, 10 + index % 200, vendor: 0xAC_CC_8E), platform: 5))
        }
        for index in 0..<max(1, settings.users / 25) {
            meetingRooms.append(
                Device(
                    name: "MEET-0\(index + 1)", role: .meetingRoom,
                    address: Self.address(settings, 40, 10 + index % 200),
                    mac: Self.mac(settings, 40, 10 + index % 200, vendor: 0x64_16_7F), platform: 1))
        }
    }

    /// A person's machine on a day: laptops get another address each week.
    func device(of person: Person, day: Int) -> Device {
        guard let number = person.laptopNumber, laptopCount > 1 else { return person.device }
        var device = person.device
        // On Mondays.
        let turned = (number + (day + 3) / 7) % laptopCount
        device.address = Self.address(settings, 50 + turned / 240, 5 + turned % 240)
        return device
    }
}
