import Shared

/// Devices, accounts and destinations of a site, and who held which address when.
struct Inventory: Sendable {
    private(set) var devices = EntityMemory<DeviceFacts>(shardSize: 4)
    var accounts = AccountTable()
    var destinations = DestinationTable()
    var names = NameMemory()
    private let networks: [AddressRange]
    private var owners: [IPAddress: Int32] = [:]
    private var byMAC: [String: Int32] = [:]
    private var byName: [String: Int32] = [:]
    private var changed: Set<Int32> = []
    private(set) var overview = Overview()

    /// Facts about the site as a whole.
    struct Overview: StateCoded {
        var firstTime = Timestamp()
        var hasBegun = false
        /// A private address was seen: then public ones are outside.
        var hasPrivate = false

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&firstTime)
            coder.code(&hasBegun)
            coder.code(&hasPrivate)
        }
    }

    init(settings: SiteSettings) { networks = settings.networks.compactMap { AddressRange($0) } }

    var count: Int { devices.count }
    subscript(number: Int) -> DeviceFacts { _read { yield devices[number] } }

    mutating func begin(at time: Timestamp) {
        if !overview.hasBegun { (overview.hasBegun, overview.firstTime) = (true, time) }
    }

    func isInternal(_ address: IPAddress) -> Bool {
        address.isPrivate || networks.contains { $0.contains(address) }
    }

    /// The device that holds an address now; makes one for an address of the site that nobody holds.
    mutating func device(at address: IPAddress, time: Timestamp) -> Int {
        if let owner = owners[address] {
            touch(Int(owner), address: address, at: time)
            return Int(owner)
        }
        overview.hasPrivate = overview.hasPrivate || address.isPrivate
        let number = make(id: address.description, at: time)
        give(address, to: number, at: time)
        return number
    }

    /// The device at an address, nil when it is not known.
    func known(at address: IPAddress) -> Int? { owners[address].map(Int.init) }

    /// The device with this host name (without domain, any case), nil when it is not known.
    func named(_ name: String) -> Int? { byName[Self.shortName(name)].map(Int.init) }

    private mutating func make(id wanted: String, at time: Timestamp) -> Int {
        let number = devices.count
        var id = wanted
        // Addresses pass from device to device; identifiers do not.
        if byName["\u{1}" + id] != nil { id += "#\(number)" }
        byName["\u{1}" + id] = Int32(number)
        devices[number].device.id = id
        devices[number].device.name = id
        devices[number].device.firstSeen = time
        devices[number].device.lastSeen = time
        changed.insert(Int32(number))
        return number
    }

    private mutating func touch(_ number: Int, address: IPAddress, at time: Timestamp) {
        guard time - devices[number].device.lastSeen > .minutes(5) else { return }
        devices[number].device.lastSeen = time
        let text = address.description
        if let index = devices[number].device.addresses.lastIndex(where: { $0.address == text }) {
            devices[number].device.addresses[index].lastSeen = time
        }
        changed.insert(Int32(number))
    }

    private mutating func give(_ address: IPAddress, to number: Int, at time: Timestamp) {
        if let before = owners[address] {
            if Int(before) == number { return }
            devices[Int(before)].holds.removeAll { $0 == address }
        }
        owners[address] = Int32(number)
        devices[number].holds.append(address)
        if devices[number].device.addresses.count < 200 {
            devices[number].device.addresses.append(
                Device.AddressUse(address: address.description, firstSeen: time, lastSeen: time))
        }
        devices[number].device.lastSeen = max(devices[number].device.lastSeen, time)
        changed.insert(Int32(number))
    }

    /// A lease: the machine with this hardware address holds this address from now on.
    /// - Returns: the device, and whether the machine was never seen before.
    mutating func lease(mac: String, name: String?, address: IPAddress?, time: Timestamp) -> (Int, isNew: Bool) {
        let short = name.map(Self.shortName).flatMap { $0.isEmpty ? nil : $0 }
        var isNew = false
        let number: Int
        if let known = byMAC[mac] {
            number = Int(known)
        } else if let address, let owner = owners[address], devices[Int(owner)].device.mac == nil,
            short == nil || byName[short ?? ""] == nil || byName[short ?? ""] == owner
        {
            number = Int(owner)
        } else if let short, let known = byName[short], devices[Int(known)].device.mac == nil {
            number = Int(known)
        } else {
            isNew = true
            number = make(id: short ?? mac, at: time)
        }
        devices[number].device.mac = mac
        byMAC[mac] = Int32(number)
        if let short { learn(name: short, of: number, source: "dhcp") }
        if let address, !address.isMulticastOrBroadcast { give(address, to: number, at: time) }
        return (number, isNew)
    }

    /// A host name that a device told.
    mutating func learn(name: String, of number: Int, source: String) {
        let short = Self.shortName(name)
        guard !short.isEmpty, IPAddress(short) == nil, devices[number].device.names[source] != short else { return }
        devices[number].device.names[source] = short
        if byName[short] == nil || source == "dhcp" { byName[short] = Int32(number) }
        for best in ["dhcp", "kerberos", "ntlm", "smb", "dns"] {
            guard let name = devices[number].device.names[best] else { continue }
            devices[number].device.name = name
            break
        }
        changed.insert(Int32(number))
    }

    mutating func opened(_ client: Int, to server: Int?, port: UInt16) {
        devices[client].opened += 1
        guard let server, server != client else { return }
        devices[server].noteClient(client, offer: DeviceFacts.offer(port: port))
    }

    mutating func noteUser(_ account: Int, on number: Int, at time: Timestamp) {
        devices[number].noteUser(account, at: time)
        devices[number].isInDomain = true
    }

    mutating func noteMachineAccount(on number: Int) { devices[number].isInDomain = true }

    static func shortName(_ name: String) -> String {
        String(name.lowercased().prefix(while: { $0 != "." && $0 != "$" && $0 != "/" && $0 != "@" }))
    }

    mutating func takeChanged() -> [Device] {
        let numbers = changed.sorted()
        changed = []
        return numbers.map { number in
            devices[Int(number)].device.role = devices[Int(number)].role
            return devices[Int(number)].device
        }
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("device", &devices)
        accounts.code(&archive)
        destinations.code(&archive)
        archive.single("names", &names)
        archive.single("directory", &byName)
        archive.single("overview", &overview)
        guard archive.isRestoring else { return }
        for number in 0..<devices.count {
            for address in devices[number].holds { owners[address] = Int32(number) }
            if let mac = devices[number].device.mac { byMAC[mac] = Int32(number) }
        }
    }
}
