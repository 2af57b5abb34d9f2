import Shared

/// Turns records into facts: resolves addresses to devices, names to destinations and accounts to numbers.
struct FactReader {
    let record: RecordView
    let time: Timestamp
    let day: Int

    /// Names of kinds by their index, so that the choice is one comparison of numbers.
    private static let kindNames = Records.kinds.map(\.name)

    /// The fact in a record; nil when it says nothing about a device of the site.
    func read(_ inventory: inout Inventory) -> Fact? {
        switch Self.kindNames[record.kindIndex] {
        case "conn": conn(&inventory)
        case "conn_interim": interim(&inventory)
        case "dns": dns(&inventory)
        case "http": http(&inventory)
        case "ssl": ssl(&inventory)
        case "files": file(&inventory)
        case "smb_files": shareFile(&inventory)
        case "smb_mapping": shareMapping(&inventory)
        case "ntlm": ntlm(&inventory)
        case "kerberos": kerberos(&inventory)
        case "ssh": ssh(&inventory)
        case "ftp": ftp(&inventory)
        case "login": clearLogin(&inventory)
        case "mail_login": mailLogin(&inventory)
        case "mysql": mysql(&inventory)
        case "postgresql": postgresql(&inventory)
        case "tds": tds(&inventory)
        case "mongodb": mongodb(&inventory)
        case "redis": redis(&inventory)
        case "amqp": amqp(&inventory)
        case "mqtt_connect": mqtt(&inventory)
        case "rfb": rfb(&inventory)
        case "rdp": rdp(&inventory)
        case "dhcp": dhcp(&inventory)
        case "dce_rpc": call(&inventory)
        default: nil
        }
    }

    /// Both ends of a connection; nil when neither is a device.
    func ends(
        _ origH: TextField, _ respH: TextField, _ inventory: inout Inventory
    ) -> (Fact.End, Fact.End)? {
        guard let first = record[origH].flatMap({ IPAddress($0) }),
            let second = record[respH].flatMap({ IPAddress($0) })
        else { return nil }
        guard !first.isMulticastOrBroadcast, !first.isLoopback else { return nil }
        var originator = Fact.End(address: first, device: -1)
        var responder = Fact.End(address: second, device: -1)
        let isResponderInside = inventory.isInternal(second)
        // A capture without any private address still has a side that acts.
        if inventory.isInternal(first) || (!isResponderInside && !inventory.overview.hasPrivate) {
            originator.device = inventory.device(at: first, time: time)
        }
        if isResponderInside, !second.isMulticastOrBroadcast, !isSubnetBroadcast(second) {
            responder.device = inventory.known(at: second) ?? -2
        }
        guard originator.isInside || responder.device != -1 else { return nil }
        return (originator, responder)
    }

    private func isSubnetBroadcast(_ address: IPAddress) -> Bool { address.isIPv4 && address.v4 & 255 == 255 }

    /// The destination behind an outside address.
    func destination(_ address: IPAddress, uid: String, device: Int, _ inventory: inout Inventory) -> Int {
        if let known = inventory.names.destination(connection: uid) { return known }
        if let known = inventory.names.destination(address: address, asker: device) { return known }
        return inventory.destinations.number(of: address.description, isAddress: true)
    }

    /// The destination with this host name, nil for names of the inside and addresses.
    func destination(host: String, _ inventory: inout Inventory) -> Int? {
        var name = host
        if let colon = name.lastIndex(of: ":"), name[name.index(after: colon)...].allSatisfy(\.isNumber) {
            name = String(name[..<colon])
        }
        guard !name.isEmpty, IPAddress(name) == nil, !RegisteredDomain.isInternal(name), name.utf8.count < 256 else {
            return nil
        }
        return inventory.destinations.number(of: RegisteredDomain.of(name), isAddress: false)
    }

    func text(_ field: TextField) -> String { record[field] ?? "" }

    /// A responder that is a device; makes one when it answered from an address of the site.
    func resolved(_ end: Fact.End, _ inventory: inout Inventory) -> Fact.End {
        guard end.device == -2 else { return end }
        return Fact.End(address: end.address, device: inventory.device(at: end.address, time: time))
    }
}

extension IPAddress {
    /// 127.0.0.0/8 (RFC 1122) and ::1 (RFC 4291).
    var isLoopback: Bool { isIPv4 ? v4 >> 24 == 127 : high == 0 && low == 1 }
}
