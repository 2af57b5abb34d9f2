internal import Shared

/// Someone who moves within the network.
enum Intrusion {
    /// Some hundred wrong passwords for accounts of human resources on their server, in ten minutes.
    static func bruteforce(_ person: Person, _ device: Device, _ log: inout DayLog) -> Truth {
        let start = 47_000.0 + log.chance.between(0, 600)
        let server = log.company.hrServer
        let accounts = log.company.people.filter { $0.department == .humanResources }.map(\.account) + ["administrator"]
        var truth = Truth(
            kind: .bruteforce, start: log.time(start), end: log.time(start), device: device.name,
            address: device.address.description, user: accounts.joined(separator: ","), server: server.name,
            serverAddress: server.address.description)
        var at = start
        for index in 0..<640 {
            let head = log.inside(
                device, to: server, port: 445, service: "smb", at: at, duration: 0.12, sent: 1150, received: 980)
            log.ntlm(device, account: accounts[index % accounts.count], on: server, head, at: at + 0.05, success: false)
            truth.events += 1
            at += log.chance.between(0.4, 1.4)
        }
        truth.end = log.time(at)
        return truth
    }

    /// A sales PC logs in as administrator and looks at servers that it never touched.
    static func adminCredentials(_ person: Person, _ device: Device, _ log: inout DayLog) -> Truth {
        let company = log.company
        var at = 51_600.0 + log.chance.between(0, 900)
        var truth = Truth(
            kind: .adminCredentials, start: log.time(at), end: log.time(at), device: device.name,
            address: device.address.description, user: "administrator", server: company.hrServer.name,
            serverAddress: company.hrServer.address.description)
        log.kerberos(device, account: "administrator", at: at)
        truth.events += 1
        for server in [company.fileServer, company.hrServer, company.controllers[0]] {
            at += log.chance.between(40, 150)
            log.kerberos(
                device, account: "administrator", service: "cifs/" + server.name.lowercased() + "." + company.domain,
                at: at)
            let file = DayLog.ShareFile(
                name: "Users\\Public\\Documents\\list.txt", bytes: UInt64(log.chance.between(2e4, 9e5)))
            let head = log.share(device, on: server, share: "C$", files: [file], at: at + 1, seconds: 12)
            log.ntlm(device, account: "administrator", on: server, head, at: at + 1.1, success: true)
            truth.bytesRead += file.bytes
            truth.files.append(.init(path: "\\\\\(server.name)\\C$\\\(file.name)", byteCount: file.bytes))
            truth.events += 2
        }
        log.inside(
            device, to: company.hrServer, port: 3389, service: "rdp", at: at + 60, duration: 700, sent: 300_000,
            received: 7_000_000)
        truth.end = log.time(at + 760)
        return truth
    }

    /// A machine that never was there takes a lease, looks around and browses.
    static func newDevice(_ log: inout DayLog) -> Truth {
        let settings = log.company.settings
        let start = 39_000.0
        let device = Device(
            name: "DESKTOP-7QK2LM1", role: .laptop, address: Company.address(settings, 10, 251),
            mac: MACAddress(bits: 0xDC_A6_32_00_00_00 | UInt64(settings.subnet.1) << 8 | 0x5A), platform: 1)
        var truth = Truth(
            kind: .newDevice, start: log.time(start), end: log.time(start + 9000), device: device.name,
            address: device.address.description, mac: device.mac.description)
        log.lease(device, at: start)
        for _ in 0..<30 {
            let site = log.company.internet.sites[log.company.internet.site(&log.chance)]
            log.tls(
                device, to: site.name, Applications.browser(of: 1), at: start + log.chance.between(30, 9000),
                duration: 12,
                sent: 2000, received: log.chance.skewed(median: 50_000, spread: 1))
            truth.events += 1
        }
        let server = log.company.fileServer
        let head = log.inside(
            device, to: server, port: 445, service: "smb", at: start + 400, duration: 0.2, sent: 1150, received: 980)
        log.ntlm(device, account: "guest", on: server, head, at: start + 400.1, success: false)
        return truth
    }

    /// One PC knocks on every address of two networks.
    static func scan(_ device: Device, _ log: inout DayLog) -> Truth {
        let start = 54_000.0 + log.chance.between(0, 600)
        var truth = Truth(
            kind: .scan, start: log.time(start), end: log.time(start), device: device.name,
            address: device.address.description)
        let settings = log.company.settings
        let alive = Dictionary(
            (log.company.servers + log.company.people.map(\.device)).map { ($0.address, $0) },
            uniquingKeysWith: { a, _ in a })
        var at = start
        for third in [1, 10] {
            for fourth in 1...254 {
                let address = Company.address(settings, third, fourth)
                for port: UInt16 in [445, 3389, 22] {
                    let target = alive[address]
                    log.connect(
                        DayLog.Connection(
                            from: device, to: address, port: port, toMAC: target?.mac, at: at,
                            duration: target == nil ? 0 : 0.001,
                            state: target == nil ? "S0" : "REJ"))
                    truth.events += 1
                    at += log.chance.between(0.05, 0.4)
                }
            }
        }
        truth.end = log.time(at)
        return truth
    }
}
