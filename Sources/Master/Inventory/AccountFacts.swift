import Shared

/// What the inventory holds about one account.
struct AccountFacts: StateCoded {
    var account = Account(id: "", firstSeen: Timestamp(nanoseconds: 0), lastSeen: Timestamp(nanoseconds: 0))
    /// Devices by number with the day of the first and the last use.
    var firstDays: [Int32: Int32] = [:]
    /// Uses of administrative shares.
    var adminShareUses = 0
    /// Its name says that it administers.
    var hasAdminName = false

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&account.id)
        coder.code(&account.firstSeen)
        coder.code(&account.lastSeen)
        coder.code(&account.devices)
        coder.code(&firstDays)
        coder.code(&adminShareUses)
        coder.code(&hasAdminName)
    }

    /// May do more than others: by its name or because it uses administrative shares.
    var isPrivileged: Bool { hasAdminName || adminShareUses > 0 }
}

/// All accounts of a site.
struct AccountTable {
    private(set) var memory = EntityMemory<AccountFacts>(shardSize: 8)
    private var numbers: [String: Int32] = [:]
    private(set) var changed: Set<Int32> = []

    var count: Int { memory.count }
    subscript(number: Int) -> AccountFacts { _read { yield memory[number] } }

    /// The account's number, nil for machine accounts, anonymous sessions and the like.
    mutating func number(of name: String, at time: Timestamp) -> Int? {
        guard let id = Self.identifier(name) else { return nil }
        if let known = numbers[id] { return Int(known) }
        let number = memory.count
        memory[number].account.id = id
        memory[number].account.firstSeen = time
        memory[number].hasAdminName = Self.isAdminName(id)
        numbers[id] = Int32(number)
        return number
    }

    /// The number of an account that was seen before.
    func known(_ id: String) -> Int? { numbers[id].map(Int.init) }

    /// - Returns: whether the account is new on this device.
    mutating func note(_ number: Int, device: Int, id: String, day: Int, at time: Timestamp) -> Bool {
        changed.insert(Int32(number))
        memory[number].account.lastSeen = time
        memory[number].account.devices[id] = time
        if memory[number].firstDays[Int32(device)] != nil { return false }
        memory[number].firstDays[Int32(device)] = Int32(day)
        return true
    }

    mutating func noteAdminShare(_ number: Int) { memory[number].adminShareUses += 1 }

    mutating func takeChanged() -> [Account] {
        let numbers = changed.sorted()
        changed = []
        return numbers.map { memory[Int($0)].account }
    }

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("account", &memory)
        guard archive.isRestoring else { return }
        for number in 0..<memory.count { numbers[memory[number].account.id] = Int32(number) }
    }

    /// Lower case without domain or realm; nil for machine accounts.
    static func identifier(_ name: String) -> String? {
        var text = Substring(name.lowercased())
        if let slash = text.lastIndex(of: "\\") { text = text[text.index(after: slash)...] }
        if let end = text.firstIndex(where: { $0 == "@" || $0 == "/" }) { text = text[..<end] }
        guard !text.isEmpty, !text.hasSuffix("$"),
            !["-", "anonymous", "(empty)", "anonymous logon"].contains(String(text))
        else { return nil }
        return String(text)
    }

    private static func isAdminName(_ id: String) -> Bool {
        if ["root", "sa", "sysadmin", "domainadmin", "enterpriseadmin", "kanri", "kanrisha"].contains(id) {
            return true
        }
        let parts = id.split(whereSeparator: { "._-".contains($0) })
        if parts.contains(where: {
            ["adm", "admin", "administrator", "admins", "da", "ea", "tier0", "t0"].contains($0)
        }) {
            return true
        }
        return id.hasPrefix("admin") || id.hasSuffix("admin") || id.hasPrefix("adm_")
    }
}
