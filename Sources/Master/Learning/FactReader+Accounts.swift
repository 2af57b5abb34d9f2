import Shared

extension FactReader {
    func shareFile(_ inventory: inout Inventory) -> Fact? {
        let f = Records.smbFiles
        guard let (client, server) = shareEnds(f.origH, f.respH, text(f.path), &inventory) else { return nil }
        return .share(
            Fact.ShareUse(
                uid: text(f.uid), client: client, server: server, path: text(f.path), name: text(f.name),
                action: text(f.action), size: Double(record[f.size] ?? 0), read: Double(record[f.bytesRead] ?? 0),
                written: Double(record[f.bytesWritten] ?? 0), previousName: text(f.prevName)))
    }

    func shareMapping(_ inventory: inout Inventory) -> Fact? {
        let f = Records.smbMapping
        guard let (client, server) = shareEnds(f.origH, f.respH, text(f.path), &inventory) else { return nil }
        let path = text(f.path)
        let fact = Fact.ShareUse(
            uid: text(f.uid), client: client, server: server, path: path, name: "", action: "", size: 0, read: 0,
            written: 0, previousName: "")
        if ShareName.isAdministrative(path), inventory[client].user >= 0,
            time - inventory[client].userTime < .hours(8)
        {
            inventory.accounts.noteAdminShare(inventory[client].user)
        }
        return .share(fact)
    }

    private func shareEnds(
        _ origH: TextField, _ respH: TextField, _ path: String, _ inventory: inout Inventory
    ) -> (Int, Int)? {
        guard let (originator, found) = ends(origH, respH, &inventory), originator.isInside else { return nil }
        let server = resolved(found, &inventory)
        guard server.isInside else { return nil }
        if inventory[server.device].device.names.isEmpty, let name = Self.serverName(path) {
            inventory.learn(name: name, of: server.device, source: "smb")
        }
        return (originator.device, server.device)
    }

    /// The server's name in `\\server\share`.
    private static func serverName(_ path: String) -> String? {
        path.split(separator: "\\").first.map(String.init)
    }

    func ntlm(_ inventory: inout Inventory) -> Fact? {
        let f = Records.ntlm
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        let responder = resolved(found, &inventory)
        if originator.isInside, let name = record[f.hostname], !name.isEmpty,
            inventory[originator.device].device.names["ntlm"] == nil
        {
            inventory.learn(name: name, of: originator.device, source: "ntlm")
        }
        if responder.isInside, let name = record[f.serverNbComputerName] ?? record[f.serverDnsComputerName] {
            if inventory[responder.device].device.names["ntlm"] == nil {
                inventory.learn(name: name, of: responder.device, source: "ntlm")
            }
        }
        return login(
            .ntlm, uid: text(f.uid), originator, responder, port: record[f.respP] ?? 445, name: text(f.username),
            success: record[f.success], &inventory)
    }

    func kerberos(_ inventory: inout Inventory) -> Fact? {
        let f = Records.kerberos
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        let client = text(f.client)
        let principal = client.prefix { $0 != "/" && $0 != "@" }
        if principal.hasSuffix("$"), originator.isInside, record[f.success] == true {
            inventory.noteMachineAccount(on: originator.device)
            if inventory[originator.device].device.names["kerberos"] == nil {
                inventory.learn(name: String(principal), of: originator.device, source: "kerberos")
            }
        }
        let error = (record[f.errorMsg] ?? "").replacingPrefix("KDC_ERR_")
        var success = record[f.success]
        // Asking without pre-authentication first is how the protocol begins (RFC 4120, 3.1.3); a service that is not
        // known says nothing about a password.
        if success != true, !["PREAUTH_FAILED", "C_PRINCIPAL_UNKNOWN", "CLIENT_REVOKED"].contains(error) {
            success = nil
        }
        if record[f.success] == true { success = true }
        return login(
            .kerberos, uid: text(f.uid), originator, resolved(found, &inventory), port: record[f.respP] ?? 88,
            name: client, success: success, service: text(f.service), cipher: text(f.cipher), error: error,
            request: text(f.requestType), &inventory)
    }

    func ssh(_ inventory: inout Inventory) -> Fact? {
        let f = Records.ssh
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        return login(
            .ssh, uid: text(f.uid), originator, resolved(found, &inventory), port: record[f.respP] ?? 22, name: "",
            success: record[f.authSuccess], &inventory)
    }

    func rdp(_ inventory: inout Inventory) -> Fact? {
        let f = Records.rdp
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        return login(
            .rdp, uid: text(f.uid), originator, resolved(found, &inventory), port: record[f.respP] ?? 3389,
            name: text(f.cookie), success: nil, &inventory)
    }

    func ftp(_ inventory: inout Inventory) -> Fact? {
        let f = Records.ftp
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        guard let code = record[f.replyCode], code == 530 || code == 230 else { return nil }
        return login(
            .ftp, uid: text(f.uid), originator, resolved(found, &inventory), port: record[f.respP] ?? 21,
            name: text(f.user), success: code == 230, &inventory)
    }

    /// A login in clear text, whatever the protocol.
    func clearLogin(_ inventory: inout Inventory) -> Fact? {
        let f = Records.login
        guard let method = Fact.Login.Method(rawValue: text(f.service)),
            let (originator, found) = ends(f.origH, f.respH, &inventory)
        else { return nil }
        return login(
            method, uid: text(f.uid), originator, resolved(found, &inventory), port: record[f.respP] ?? 0,
            name: text(f.user), success: record[f.success], &inventory)
    }

    /// A refused login to a mail server. One that is let in says little: people read their mails on many devices.
    func mailLogin(_ inventory: inout Inventory) -> Fact? {
        let f = Records.mailLogin
        guard record[f.success] == false, let method = Fact.Login.Method(rawValue: text(f.service)) else { return nil }
        return refused(method, f.uid, f.origH, f.respH, record[f.respP], name: text(f.user), &inventory)
    }

    func login(
        _ method: Fact.Login.Method, uid: String, _ originator: Fact.End, _ responder: Fact.End, port: UInt16,
        name: String, success: Bool?, service: String = "", cipher: String = "", error: String = "",
        request: String = "", _ inventory: inout Inventory
    ) -> Fact {
        var account = -1
        var isNew = false
        if let number = inventory.accounts.number(of: name, at: time) {
            account = number
            // Who only tried was not there.
            if originator.isInside, success == true || (method == .rdp && success == nil) {
                let id = inventory[originator.device].device.id
                isNew = inventory.accounts.note(number, device: originator.device, id: id, day: day, at: time)
                if method == .ntlm || method == .kerberos {
                    inventory.noteUser(number, on: originator.device, at: time)
                }
            }
        }
        return .login(
            Fact.Login(
                uid: uid, method: method, originator: originator, responder: responder, port: port, account: account,
                name: account >= 0 ? inventory.accounts[account].account.id : name, success: success,
                service: request == "TGS" ? service : "", cipher: cipher, error: error, isNewOnDevice: isNew))
    }

    func dhcp(_ inventory: inout Inventory) -> Fact? {
        let f = Records.dhcp
        guard let mac = record[f.mac], !mac.isEmpty else { return nil }
        let address = (record[f.assignedAddr] ?? record[f.clientAddr]).flatMap { IPAddress($0) }
        let name = record[f.hostName] ?? record[f.clientFqdn]
        let (device, _) = inventory.lease(mac: mac.lowercased(), name: name, address: address, time: time)
        return .device(device)
    }

    func call(_ inventory: inout Inventory) -> Fact? {
        let f = Records.dceRpc
        guard let (originator, found) = ends(f.origH, f.respH, &inventory) else { return nil }
        return .call(
            Fact.RemoteCall(
                uid: text(f.uid), originator: originator, responder: resolved(found, &inventory),
                endpoint: text(f.endpoint), operation: text(f.operation), pipe: text(f.namedPipe)))
    }
}

extension String {
    /// Without a prefix that may be there or not.
    func replacingPrefix(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}

/// Names of shares as `\\server\share`.
enum ShareName {
    /// The last part, in lower case.
    static func share(_ path: String) -> String {
        (path.split(separator: "\\").last.map(String.init) ?? path).lowercased()
    }

    /// Shares that only administrators may use.
    static func isAdministrative(_ path: String) -> Bool {
        let name = share(path)
        return name == "admin$" || (name.count == 2 && name.hasSuffix("$"))
    }

    /// Shares that every Windows machine uses by itself.
    static func isSystem(_ path: String) -> Bool { ["ipc$", "sysvol", "netlogon", "print$"].contains(share(path)) }
}
