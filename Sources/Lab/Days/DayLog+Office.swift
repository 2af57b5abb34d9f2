internal import Shared

/// What stays inside: logins, shares, mail, printers.
extension DayLog {
    enum Ticket { case granted, wrongPassword, unknownUser }

    /// A Kerberos request to a domain controller (RFC 4120).
    mutating func kerberos(
        _ device: Device, account: String, service: String? = nil, at second: Double, _ ticket: Ticket = .granted
    ) {
        let server = company.controllers[chance.chance(0.9) ? 0 : 1]
        let head = connect(
            Connection(
                from: device, to: server.address, port: 88, toMAC: server.mac, service: "krb_tcp", at: second,
                duration: chance.between(0.003, 0.02), sent: service == nil ? 310 : 1620,
                received: ticket == .granted ? 1710 : 220))
        let fields = Records.kerberos
        begin(fields, head, at: second + 0.001)
        batch.set(fields.requestType, service == nil ? "AS" : "TGS")
        batch.set(fields.client, account + "/" + company.realm)
        batch.set(fields.service, service ?? "krbtgt/" + company.realm)
        batch.set(fields.success, ticket == .granted)
        switch ticket {
        case .granted:
            batch.set(fields.till, time(second + 36_000))
            batch.set(fields.cipher, "aes256-cts-hmac-sha1-96")
            batch.set(fields.forwardable, true)
            batch.set(fields.renewable, true)
        case .wrongPassword:
            batch.set(fields.errorMsg, "KDC_ERR_PREAUTH_FAILED")
        case .unknownUser:
            batch.set(fields.errorMsg, "KDC_ERR_C_PRINCIPAL_UNKNOWN")
        }
        batch.end()
    }

    /// An NTLM login within a connection.
    mutating func ntlm(
        _ device: Device, account: String, on server: Device, _ head: Head, at second: Double, success: Bool
    ) {
        let fields = Records.ntlm
        begin(fields, head, at: second)
        batch.set(fields.username, account)
        batch.set(fields.hostname, device.name)
        batch.set(fields.domainname, company.shortDomain)
        batch.set(fields.serverNbComputerName, server.name)
        batch.set(fields.serverDnsComputerName, server.name.lowercased() + "." + company.domain)
        batch.set(fields.success, success)
        batch.end()
    }

    struct ShareFile {
        var name: String
        var bytes: UInt64
        var isWritten = false
    }

    /// Opens a share and reads and writes files, one after the other, over `seconds`.
    /// - Returns: the connection.
    @discardableResult
    mutating func share(
        _ device: Device, on server: Device, share: String, files: [ShareFile], at second: Double, seconds: Double
    ) -> Head {
        let read = files.reduce(0) { $0 + ($1.isWritten ? 0 : $1.bytes) }
        let written = files.reduce(0) { $0 + ($1.isWritten ? $1.bytes : 0) }
        // Headers of SMB: about 1.2 % of the content, and some kilobytes for the session (MS-SMB2 section 2.2).
        let head = connect(
            Connection(
                from: device, to: server.address, port: 445, toMAC: server.mac, service: "smb", at: second,
                duration: seconds + 1, sent: written + written / 80 + 3200 + 380 * UInt64(files.count),
                received: read + read / 80 + 2900 + 410 * UInt64(files.count)))
        let path = "\\\\\(server.name)\\\(share)"
        let mapping = Records.smbMapping
        begin(mapping, head, at: second + 0.02)
        batch.set(mapping.path, path)
        batch.set(mapping.shareType, share == "IPC$" ? "PIPE" : "DISK")
        batch.end()
        let total = Double(max(1, read + written))
        var at = second + 0.1
        for file in files {
            open(file, path: path, head, at: at)
            at += max(0.01, (seconds - 0.2) * Double(file.bytes) / total)
        }
        return head
    }

    private mutating func open(_ file: ShareFile, path: String, _ head: Head, at second: Double) {
        let fields = Records.smbFiles
        begin(fields, head, at: second)
        batch.set(fields.action, "SMB::FILE_OPEN")
        batch.set(fields.path, path)
        batch.set(fields.name, file.name)
        batch.set(fields.size, file.bytes)
        batch.set(fields.timesModified, time(second - Double(chance.int(3600, 40_000_000))))
        batch.set(fields.bytesRead, file.isWritten ? 0 : file.bytes)
        batch.set(fields.bytesWritten, file.isWritten ? file.bytes : 0)
        batch.end()
    }

    /// A file of a department, named as people name them.
    mutating func file(of department: Department, megabytes: ClosedRange<Double>? = nil) -> ShareFile {
        let words = Words.files[department] ?? Words.files[.generalAffairs] ?? ["file"]
        let date = "2026\(chance.chance(0.5) ? "0" : "1")\(chance.int(0, 2))\(chance.int(10, 28))"
        let name =
            chance.pick(Words.folders) + "\\" + chance.pick(words)
            + "_\(date)_v\(chance.int(1, 9)).\(chance.pick(Words.endings))"
        guard let megabytes else {
            return ShareFile(name: name, bytes: UInt64(chance.skewed(median: 240_000, spread: 1.8)))
        }
        return ShareFile(name: name, bytes: UInt64(chance.between(megabytes.lowerBound, megabytes.upperBound) * 1e6))
    }

    /// A connection to a server inside.
    @discardableResult
    mutating func inside(
        _ device: Device, to server: Device, port: UInt16, service: String?, at second: Double, duration: Double,
        sent: Double, received: Double, state: String = "SF"
    ) -> Head {
        connect(
            Connection(
                from: device, to: server.address, port: port, toMAC: server.mac, service: service, at: second,
                duration: duration, sent: UInt64(max(0, sent)), received: UInt64(max(0, received)), state: state))
    }

    /// The lease that a device takes when it comes up.
    mutating func lease(_ device: Device, at second: Double) {
        let server = company.controllers[0]
        let head = connect(
            Connection(
                from: device, to: server.address, port: 67, toMAC: server.mac, proto: "udp", service: "dhcp",
                at: second,
                duration: 0.004, sent: 310, received: 320))
        let fields = Records.dhcp
        batch.begin(DHCPRecord.kind)
        batch.set(fields.ts, time(second))
        batch.set(fields.uids, [head.uid])
        batch.set(fields.clientAddr, device.address)
        batch.set(fields.serverAddr, server.address)
        batch.set(fields.clientPort, 68)
        batch.set(fields.serverPort, 67)
        batch.set(fields.mac, device.mac.description)
        batch.set(fields.hostName, device.name)
        batch.set(fields.clientFqdn, device.name + "." + company.domain)
        batch.set(fields.domain, company.domain)
        batch.set(fields.requestedAddr, device.address)
        batch.set(fields.assignedAddr, device.address)
        batch.set(fields.leaseTime, .hours(12))
        batch.set(fields.msgTypes, ["REQUEST", "ACK"])
        batch.set(fields.duration, interval(0.004))
        batch.end()
    }
}
