internal import Shared

/// What happens without people: backups, scans that are wanted, cameras, printers, servers; and the
/// administrator's round.
struct MachineDay {
    static func play(_ log: inout DayLog) {
        backup(&log)
        devices(&log)
        servers(&log)
        if Calendar.weekday(log.day) == 2 { vulnerabilityScan(&log) }
        if Calendar.isWorkingDay(log.day) { administrator(&log) }
    }

    /// 200 GB every night from the file server, and a copy to the NAS: much, but always so.
    private static func backup(_ log: inout DayLog) {
        let company = log.company
        for (index, share) in ["営業部", "技術部", "経理部", "全社共有"].enumerated() {
            let bytes = log.chance.normal(50e9, 1.5e9)
            let at = 3900 + Double(index) * 2700 + log.chance.between(0, 60)
            let file = DayLog.ShareFile(name: "backup-set-\(index + 1).vbk", bytes: UInt64(bytes))
            log.share(company.backup, on: company.fileServer, share: share, files: [file], at: at, seconds: 2500)
            log.inside(
                company.backup, to: company.nas, port: 2049, service: nil, at: at + 30, duration: 2480, sent: bytes,
                received: bytes / 400)
        }
    }

    private static func devices(_ log: inout DayLog) {
        let company = log.company
        for (index, camera) in company.cameras.enumerated() {
            log.lease(camera, at: 10 + Double(index))
            for hour in 0..<24 {
                let at = Double(hour) * 3600 + Double(index) * 7
                log.inside(
                    camera, to: company.nas, port: 554, service: nil, at: at + 20, duration: 3500,
                    sent: log.chance.normal(220e6, 9e6), received: 90_000)
                let clock = Internet.address(of: Internet.timeServer)
                log.udp(
                    camera, to: clock, port: 123, service: "ntp", at: at + 60, duration: 0.02, sent: 48, received: 48)
            }
            log.tls(
                camera, to: "firmware.mieru-camera.example", Applications.firmware, at: 9000 + Double(index) * 300,
                duration: 1,
                sent: 600, received: 900)
        }
        for printer in company.printers {
            log.lease(printer, at: log.chance.between(20, 400))
            for hour in stride(from: 1.0, to: 24, by: 4) {
                log.tls(
                    printer, to: "supplies.insatsu-print.example", Applications.firmware, at: hour * 3600, duration: 1,
                    sent: 1800,
                    received: 700)
            }
        }
        guard Calendar.isWorkingDay(log.day) else { return }
        for room in company.meetingRooms {
            log.lease(room, at: 28_000 + log.chance.between(0, 900))
            for _ in 0..<log.chance.int(2, 5) {
                let at = log.chance.between(33_000, 62_000)
                let address = log.locate(Internet.meetings, by: room, at: at)
                log.udp(
                    room, to: address, port: 8801, service: nil, at: at, duration: 2700,
                    sent: log.chance.between(1e8, 4e8),
                    received: log.chance.between(2e8, 6e8))
            }
        }
    }

    private static func servers(_ log: inout DayLog) {
        let company = log.company
        for (index, server) in company.servers.enumerated() {
            for hour in 0..<24 {
                let at = Double(hour) * 3600 + Double(index) * 31 + 5
                log.tls(
                    server, to: Internet.antivirus, Applications.antivirus, at: at, duration: 1.2, sent: 1100,
                    received: 3400)
                if hour % 3 == 0 {
                    log.kerberos(server, account: server.name.lowercased() + "$", at: at + 9)
                }
            }
        }
        for hour in 0..<24 {
            let at = Double(hour) * 3600 + 100
            let bytes = log.chance.skewed(median: 400_000, spread: 1)
            log.inside(
                company.controllers[1], to: company.controllers[0], port: 49_667, service: "dce_rpc", at: at,
                duration: 4,
                sent: bytes / 10, received: bytes)
        }
        // Mail to and from the outside, mostly by day.
        for _ in 0..<(company.settings.users * 2) {
            let at = log.chance.normal(47_000, 13_000)
            let name = "mx." + company.internet.sites[company.internet.site(&log.chance)].name.dropFirst(4)
            guard at > 0, at < 86_000 else { continue }
            log.tls(
                company.mailServer, to: name, Applications.system, at: at, duration: 2,
                sent: log.chance.skewed(median: 40_000, spread: 1.8), received: 2400, port: 25)
        }
    }

    /// Wednesday nights from the first week on: every machine, a list of ports, most of them closed.
    private static func vulnerabilityScan(_ log: inout DayLog) {
        let company = log.company
        let targets = company.servers + company.printers + company.cameras + company.people.map(\.device)
        let ports: [UInt16] = [21, 22, 23, 25, 80, 135, 139, 443, 445, 1433, 3306, 3389, 5900, 8080]
        var at = 79_200.0
        for target in targets {
            for port in ports {
                let isOpen = port == 445 && target.role == .server
                log.inside(
                    company.scanner, to: target, port: port, service: nil, at: at, duration: isOpen ? 0.2 : 0.001,
                    sent: isOpen ? 300 : 0, received: isOpen ? 500 : 0, state: isOpen ? "RSTO" : "REJ")
                at += log.chance.between(0.1, 0.4)
            }
        }
    }

    /// The administrator's own work: every day some servers, on Mondays all of them, always from the same machine.
    private static func administrator(_ log: inout DayLog) {
        let company = log.company
        let device = company.administrator
        log.lease(device, at: 31_000)
        log.kerberos(device, account: "yamane.t", at: 31_030)
        let isRound = Calendar.weekday(log.day) == 0
        var at = 36_000.0
        for server in company.servers where isRound || log.chance.chance(0.25) {
            log.kerberos(device, account: "administrator", at: at)
            log.kerberos(
                device, account: "administrator", service: "cifs/" + server.name.lowercased() + "." + company.domain,
                at: at + 1)
            let file = DayLog.ShareFile(
                name: "Windows\\Logs\\CBS\\CBS.log", bytes: UInt64(log.chance.between(1e5, 4e6)))
            let head = log.share(device, on: server, share: "ADMIN$", files: [file], at: at + 2, seconds: 8)
            log.ntlm(device, account: "administrator", on: server, head, at: at + 2.1, success: true)
            log.inside(
                device, to: server, port: 3389, service: "rdp", at: at + 20, duration: log.chance.between(120, 900),
                sent: 400_000, received: 9_000_000)
            at += log.chance.between(600, 1300)
        }
        for _ in 0..<40 {
            let site = company.internet.sites[company.internet.site(&log.chance)]
            log.tls(
                device, to: site.name, Applications.browser(of: 0), at: log.chance.between(32_000, 65_000),
                duration: 20, sent: 3000,
                received: log.chance.skewed(median: 60_000, spread: 1.2))
        }
    }
}
