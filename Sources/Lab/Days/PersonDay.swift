internal import Shared

/// A working day of one person: comes, logs in, works, has lunch, goes.
struct PersonDay {
    let person: Person
    let device: Device
    private let arrives: Double
    private let leaves: Double
    private let lunch: Double

    /// Nil when the person is not in the office on that day.
    init?(_ person: Person, mustCome: Bool, log: inout DayLog) {
        let isOff = !Calendar.isWorkingDay(log.day)
        let absence = person.laptopNumber == nil ? 0.04 : 0.14
        if log.chance.chance(isOff ? 0.985 : absence), !mustCome { return nil }
        self.person = person
        device = log.company.device(of: person, day: log.day)
        arrives = max(600, log.chance.normal(person.arrives, 700))
        let end = isOff ? arrives + log.chance.between(5000, 15_000) : log.chance.normal(person.leaves, 1800)
        leaves = min(86_000, max(arrives + 3600, end))
        lunch = log.chance.normal(43_200, 500)
    }

    func play(_ log: inout DayLog) {
        login(&log)
        browse(&log)
        machine(&log)
        office(&log)
        shares(&log)
        talk(&log)
        transfers(&log)
    }

    /// A moment at work: during lunch much less happens.
    private func moment(_ log: inout DayLog) -> Double {
        var at = log.chance.between(arrives + 60, leaves)
        if at > lunch, at < lunch + 3600, log.chance.chance(0.75) { at = log.chance.between(arrives + 60, leaves) }
        return at
    }

    private func times(_ log: inout DayLog, perDay: Double) -> [Double] {
        let share = (leaves - arrives) / 33_000
        let count = log.chance.count(perDay * share * person.diligence * log.company.settings.intensity)
        return (0..<count).map { _ in moment(&log) }
    }

    private func login(_ log: inout DayLog) {
        log.lease(device, at: arrives)
        let realmName = "_ldap._tcp.dc._msdcs." + log.company.domain
        log.resolve(realmName, by: device, at: arrives + 3, type: "SRV", answers: ["dc01." + log.company.domain])
        var at = arrives + 20
        while log.chance.chance(person.typoRate) {
            log.kerberos(device, account: person.account, at: at, .wrongPassword)
            at += log.chance.between(4, 15)
        }
        log.kerberos(device, account: device.name.lowercased() + "$", at: arrives + 4)
        log.kerberos(device, account: person.account, at: at)
        let host = "." + log.company.domain
        for service in ["cifs/DC01", "ldap/DC01", "cifs/FS01"] {
            log.kerberos(device, account: person.account, service: service.lowercased() + host, at: at + 1)
        }
        let policies = [DayLog.ShareFile(name: log.company.domain + "\\Policies\\gpt.ini", bytes: 22)]
        log.share(device, on: log.company.controllers[0], share: "sysvol", files: policies, at: at + 2, seconds: 1)
        log.inside(
            device, to: log.company.controllers[0], port: 389, service: "ldap_tcp", at: at + 2, duration: 0.3,
            sent: 2100,
            received: 6400)
    }

    private func browse(_ log: inout DayLog) {
        let browser = Applications.browser(of: device.platform)
        for at in times(&log, perDay: 34) {
            let isFavourite = log.chance.chance(0.92)
            // Favourites by their rank: the first few take most.
            let unit = log.chance.unit()
            let rank = Int(unit * unit * Double(person.favourites.count))
            let number = isFavourite ? person.favourites[rank] : log.company.internet.site(&log.chance)
            page(log.company.internet.sites[number], browser, at: at, &log)
        }
        for at in times(&log, perDay: 3) {
            let name = log.company.internet.tail(&log.chance)
            let bytes = log.chance.skewed(median: 50_000, spread: 1.4)
            log.tls(
                device, to: name, browser, at: at, duration: log.chance.between(0.3, 40), sent: bytes / 30,
                received: bytes)
        }
        if log.chance.chance(0.35) {
            let name = log.company.internet.tail(&log.chance)
            log.http(
                device, to: name, path: "/", browser, at: moment(&log),
                received: log.chance.skewed(median: 9000, spread: 1.2), mime: "text/html")
        }
    }

    private func page(_ site: Internet.Site, _ browser: Applications.Program, at: Double, _ log: inout DayLog) {
        let bytes = log.chance.skewed(median: site.pageBytes, spread: 1)
        log.tls(
            device, to: site.name, browser, at: at, duration: log.chance.between(0.4, 90), sent: 600 + bytes / 25,
            received: bytes)
        for part in site.parts where log.chance.chance(0.6) {
            let size = log.chance.skewed(median: 22_000, spread: 1.3)
            log.tls(
                device, to: Internet.parts[part], browser, at: at + log.chance.between(0.1, 2),
                duration: log.chance.between(0.2, 60), sent: 700, received: size)
        }
        if log.chance.chance(0.01) {
            log.resolve("wwww." + site.name, by: device, at: at - 2, answers: nil)
        }
    }

    /// What the machine does by itself, in the same way on all of them.
    private func machine(_ log: inout DayLog) {
        let phase = Double(person.index * 37 % 3600)
        var at = arrives + 30 + phase.truncatingRemainder(dividingBy: 900)
        while at < leaves {
            log.tls(
                device, to: Internet.antivirus, Applications.antivirus, at: at, duration: 1.2, sent: 1100,
                received: 3400)
            let server = log.company.controllers[0]
            log.udp(
                device, to: server.address, port: 123, service: "ntp", at: at + 5, duration: 0.001, sent: 48,
                received: 48)
            at += 3600 + log.chance.between(-4, 4)
        }
        for at in times(&log, perDay: 9) {
            let name = log.chance.pick(Internet.telemetry)
            log.tls(
                device, to: name, Applications.system, at: at, duration: 2,
                sent: log.chance.skewed(median: 5200, spread: 0.8), received: 900)
        }
        for at in times(&log, perDay: 4) {
            let isLarge = log.chance.chance(0.12)
            log.tls(
                device, to: log.chance.pick(Internet.systemUpdates), Applications.updater, at: at,
                duration: isLarge ? 90 : 2,
                sent: 2500, received: isLarge ? log.chance.skewed(median: 60e6, spread: 1) : 30_000)
        }
        for at in times(&log, perDay: 2) {
            log.http(
                device, to: "ocsp.digicert.com", path: "/MFEwTzBNMEswSTAJ", Applications.system, at: at, received: 471,
                mime: "application/ocsp-response")
        }
        if log.chance.chance(0.04) {
            log.http(
                device, to: log.chance.pick(Internet.downloads),
                path: "/setup/installer-\(log.chance.int(100, 140)).exe",
                Applications.browser(of: device.platform), at: moment(&log),
                received: log.chance.skewed(median: 40e6, spread: 0.8), mime: "application/x-dosexec")
        }
    }

    private func office(_ log: inout DayLog) {
        var at = arrives + 120
        while at < leaves {
            let bytes = log.chance.skewed(median: 9000, spread: 2)
            log.inside(
                device, to: log.company.mailServer, port: 993, service: "ssl", at: at,
                duration: log.chance.between(1, 30),
                sent: bytes / 6, received: bytes)
            at += log.chance.between(400, 1000) / log.company.settings.intensity
        }
        for at in times(&log, perDay: 10) {
            let bytes = log.chance.skewed(median: 30_000, spread: 1)
            log.inside(
                device, to: log.company.intranet, port: 443, service: "ssl", at: at, duration: 3, sent: bytes / 12,
                received: bytes)
        }
        for at in times(&log, perDay: 2) {
            log.inside(
                device, to: log.company.printers[person.index % log.company.printers.count], port: 9100, service: nil,
                at: at,
                duration: 6, sent: log.chance.skewed(median: 400_000, spread: 1.2), received: 900)
        }
        if person.department == .humanResources {
            for at in times(&log, perDay: 8) { hrWork(at, &log) }
        }
        for at in times(&log, perDay: 8) {
            log.kerberos(
                device, account: person.account,
                service: log.chance.pick(["http/portal01.", "cifs/fs01.", "imap/mail01."]) + log.company.domain,
                at: at)
        }
    }

    private func hrWork(_ at: Double, _ log: inout DayLog) {
        let files = (0..<log.chance.int(1, 3)).map { _ in log.file(of: .humanResources) }
        let head = log.share(device, on: log.company.hrServer, share: "人事秘", files: files, at: at, seconds: 20)
        log.ntlm(device, account: person.account, on: log.company.hrServer, head, at: at + 0.01, success: true)
    }

    private func shares(_ log: inout DayLog) {
        for at in times(&log, perDay: 6) {
            let isOwn = log.chance.chance(0.85)
            let department = isOwn ? person.department : .generalAffairs
            var files: [DayLog.ShareFile] = []
            for _ in 0..<log.chance.int(1, 6) {
                var file = log.file(of: department)
                file.isWritten = log.chance.chance(0.25)
                files.append(file)
            }
            let name = isOwn ? department.share : "全社共有"
            log.share(
                device, on: log.company.fileServer, share: name, files: files, at: at,
                seconds: log.chance.between(2, 120))
        }
    }

    private func talk(_ log: inout DayLog) {
        let names = Internet.chat
        for at in times(&log, perDay: 14) {
            let bytes = log.chance.skewed(median: 12_000, spread: 1.4)
            log.tls(
                device, to: log.chance.pick(names), Applications.chat, at: at, duration: log.chance.between(5, 240),
                sent: bytes / 2, received: bytes)
        }
        guard log.chance.chance(0.35) else { return }
        let start = moment(&log)
        let length = min(log.chance.between(900, 3900), max(60, 86_300 - start))
        let address = log.locate(Internet.meetings, by: device, at: start)
        log.udp(
            device, to: address, port: 8801, service: nil, at: start, duration: length,
            sent: length * log.chance.between(60_000, 150_000), received: length * log.chance.between(90_000, 260_000))
    }

    /// Honest large transfers, so that large alone is not strange.
    private func transfers(_ log: inout DayLog) {
        let browser = Applications.browser(of: device.platform)
        for at in times(&log, perDay: 0.5) {
            let bytes = log.chance.skewed(median: 3e6, spread: 1.6)
            log.tls(
                device, to: log.company.cloud, browser, at: at, duration: 10 + bytes / 4e6, sent: bytes,
                received: bytes / 60)
        }
        if log.chance.chance(person.department == .engineering ? 0.06 : 0.015) {
            let files = (0..<log.chance.int(6, 30)).map { _ in log.file(of: person.department, megabytes: 10...60) }
            let at = moment(&log)
            log.share(
                device, on: log.company.fileServer, share: person.department.share, files: files, at: at,
                seconds: log.chance.between(120, 900))
        }
        if log.chance.chance(0.02) {
            let bytes = log.chance.between(60e6, 600e6)
            log.tls(
                device, to: log.company.cloud, browser, at: moment(&log), duration: bytes / 5e6, sent: bytes,
                received: bytes / 90)
        }
    }
}
