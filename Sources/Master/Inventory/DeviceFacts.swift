import Shared

/// What the inventory holds about one device.
struct DeviceFacts: StateCoded {
    var device = Device(
        id: "", name: "", mac: nil, role: "", firstSeen: Timestamp(nanoseconds: 0), lastSeen: Timestamp(nanoseconds: 0))
    /// Addresses that are its own now.
    var holds: [IPAddress] = []
    /// One bit a device that opened connections to it.
    private var clients: [UInt64] = []
    var clientCount = 0
    /// Connections it opened.
    var opened = 0
    /// Kinds of services it gave, one bit each.
    var offers: UInt64 = 0
    /// Account that authenticated from it last, by number; -1 when none.
    var user = -1
    var userTime = Timestamp()
    /// A Windows machine account or a person of the domain used it.
    var isInDomain = false
    /// Accounts of people that it was used by, by number.
    var users: [Int32] = []

    /// Bits of ``offers``.
    static let kerberos: UInt64 = 1, ldap: UInt64 = 2, smb: UInt64 = 4, print: UInt64 = 8, dns: UInt64 = 16
    static let web: UInt64 = 32, database: UInt64 = 64, mail: UInt64 = 128, other: UInt64 = 256, ssh: UInt64 = 512
    static let dhcp: UInt64 = 1024

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&device.id)
        coder.code(&device.name)
        coder.code(&device.mac)
        coder.code(&device.role)
        coder.code(&device.firstSeen)
        coder.code(&device.lastSeen)
        coder.code(&device.addresses)
        coder.code(&device.names)
        coder.code(&holds)
        coder.code(&clients)
        coder.code(&clientCount)
        coder.code(&opened)
        coder.code(&offers)
        coder.code(&user)
        coder.code(&userTime)
        coder.code(&isInDomain)
        coder.code(&users)
    }

    mutating func noteClient(_ client: Int, offer: UInt64) {
        offers |= offer
        while clients.count <= client >> 6 { clients.append(0) }
        if clients[client >> 6] >> UInt64(client & 63) & 1 == 0 {
            clients[client >> 6] |= 1 << UInt64(client & 63)
            clientCount += 1
        }
    }

    mutating func noteUser(_ account: Int, at time: Timestamp) {
        user = account
        userTime = time
        if !users.contains(Int32(account)), users.count < 64 { users.append(Int32(account)) }
    }

    /// Serves several others; one or two peers are no proof (a desktop that is helped remotely).
    var isServer: Bool { clientCount >= 4 || offers & (Self.kerberos | Self.dhcp) != 0 }

    var role: String {
        if offers & Self.kerberos != 0 { return "domain controller" }
        if offers & Self.print != 0, offers & (Self.database | Self.mail) == 0 { return "printer" }
        guard isServer else { return opened > 0 ? "client" : "device" }
        if offers & Self.smb != 0, offers & Self.web == 0 { return "file server" }
        if offers == Self.dns { return "name server" }
        if offers & Self.mail != 0 { return "mail server" }
        return "server"
    }

    /// Bit of ``offers`` for a port.
    static func offer(port: UInt16) -> UInt64 {
        switch port {
        case 88: kerberos
        case 389, 636, 3268: ldap
        case 139, 445: smb
        case 515, 631, 9100: print
        case 53: dns
        case 67: dhcp
        case 22: ssh
        case 80, 443, 8080, 8443: web
        case 1433, 1521, 3306, 5432: database
        case 25, 110, 143, 465, 587, 993: mail
        default: other
        }
    }
}

extension Device.AddressUse: StateCoded {
    init() { self.init(address: "", firstSeen: Timestamp(), lastSeen: Timestamp()) }
    mutating func code(_ coder: inout StateCoder) {
        coder.code(&address)
        coder.code(&firstSeen)
        coder.code(&lastSeen)
    }
}
