import Shared

/// A destination outside: a registered domain, or an address where no name is known.
struct Destination: StateCoded {
    var name = ""
    var isAddress = false
    /// Among those that most companies use.
    var isCommon = false
    var firstSeen = Timestamp()
    var lastSeen = Timestamp()
    /// One bit a device that ever connected.
    var devices: [UInt64] = []
    var deviceCount = 0
    var connectionCount = 0

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&name)
        coder.code(&isAddress)
        coder.code(&isCommon)
        coder.code(&firstSeen)
        coder.code(&lastSeen)
        coder.code(&devices)
        coder.code(&deviceCount)
        coder.code(&connectionCount)
    }

    func isUsed(by device: Int) -> Bool {
        device >> 6 < devices.count && devices[device >> 6] >> UInt64(device & 63) & 1 == 1
    }

    /// - Returns: whether this device is new to it.
    mutating func note(device: Int, at time: Timestamp) -> Bool {
        if connectionCount == 0 { firstSeen = time }
        lastSeen = max(lastSeen, time)
        connectionCount += 1
        if isUsed(by: device) { return false }
        while devices.count <= device >> 6 { devices.append(0) }
        devices[device >> 6] |= 1 << UInt64(device & 63)
        deviceCount += 1
        return true
    }
}

/// All destinations of a site, by number and by name.
struct DestinationTable {
    private(set) var memory = EntityMemory<Destination>(shardSize: 64)
    private var numbers: [String: Int32] = [:]

    var count: Int { memory.count }
    subscript(number: Int) -> Destination { _read { yield memory[number] } }

    mutating func number(of name: String, isAddress: Bool) -> Int {
        if let known = numbers[name] { return Int(known) }
        let number = memory.count
        memory[number].name = name
        memory[number].isAddress = isAddress
        memory[number].isCommon = !isAddress && CommonDomains.contains(name)
        numbers[name] = Int32(number)
        return number
    }

    mutating func note(_ number: Int, device: Int, at time: Timestamp) -> Bool {
        memory[number].note(device: device, at: time)
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("destination", &memory)
        guard archive.isRestoring else { return }
        for number in 0..<memory.count { numbers[memory[number].name] = Int32(number) }
    }
}
