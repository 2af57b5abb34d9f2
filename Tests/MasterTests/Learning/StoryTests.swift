import Shared
import Testing

@testable import Master

/// Each story fires; what only looks like it does not; too little says nothing.
@Suite struct StoryTests {
    @Test func hundredsOfFailedLoginsAlertWithoutAnyHistory() throws {
        var office = try Office()
        for number in 0..<200 {
            office.ntlm(
                "10.0.0.10", "10.0.0.3", user: "administrator", success: false,
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number)))
        }
        try office.play()
        let alert = try #require(office.high("Multiple Failed Logins").first)
        #expect(alert.devices.first == "10.0.0.10")
        #expect(alert.attack == ["T1110"])
    }

    @Test(arguments: [
        "ftp", "telnet", "rlogin", "rsh", "rexec", "nats", "stomp", "xmpp", "rsync", "opcua_binary",
    ])
    func loginsInClearTextThatFailAlertToo(service: String) throws {
        var office = try Office()
        for number in 0..<200 {
            office.clearLogin(
                service, "10.0.0.10", "10.0.0.3", user: "root",
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number)))
        }
        try office.play()
        #expect(office.high("Multiple Failed Logins").first?.devices.first == "10.0.0.10")
    }

    @Test(arguments: ["imap", "pop3", "smtp", "managesieve"])
    func refusedLoginsToAMailServerAlertToo(service: String) throws {
        var office = try Office()
        for number in 0..<200 {
            office.mailLogin(
                service, "10.0.0.10", "10.0.0.3", user: "user\(number)@example.com", success: false,
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number)))
        }
        try office.play()
        #expect(office.high("Multiple Failed Logins").first?.devices.first == "10.0.0.10")
    }

    @Test(arguments: ["mysql", "postgresql", "tds", "mongodb", "redis", "amqp", "mqtt", "rfb"])
    func refusedLoginsToDatabasesBrokersAndScreensAlertToo(service: String) throws {
        var office = try Office()
        for number in 0..<200 {
            office.refusal(
                service, "10.0.0.10", "10.0.0.3", user: "user\(number)",
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number)))
        }
        try office.play()
        #expect(office.high("Multiple Failed Logins").first?.devices.first == "10.0.0.10")
    }

    /// A server that is full, or has no such database, refuses nobody's password.
    @Test func databasesThatRefuseForOtherReasonsDoNotAlert() throws {
        var office = try Office()
        for number in 0..<200 {
            let time = Office.at(day: 0, hour: 10) + .seconds(Int64(number))
            office.mysql("10.0.0.10", "10.0.0.3", user: "app", response: "Too many connections", at: time)
            office.postgresql("10.0.0.10", "10.0.0.3", user: "app", error: "Severity=FATAL,Code=3D000", at: time)
        }
        try office.play()
        #expect(office.high.isEmpty)
    }

    /// Programs ask for mails all day long.
    @Test func mailsThatAreFetchedDoNotAlert() throws {
        var office = try Office()
        for number in 0..<200 {
            office.mailLogin(
                "imap", "10.0.0.10", "10.0.0.3", user: "sato@example.com", success: true,
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number)))
        }
        try office.play()
        #expect(office.high.isEmpty)
    }

    @Test func aForgottenPasswordDoesNotAlert() throws {
        var office = try Office()
        for number in 0..<6 {
            office.ntlm(
                "10.0.0.10", "10.0.0.3", user: "sato", success: false,
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number * 9)))
        }
        office.ntlm("10.0.0.10", "10.0.0.3", user: "sato", success: true, at: Office.at(day: 0, hour: 10.1))
        try office.play()
        #expect(office.high.isEmpty)
    }

    @Test func aServiceWithAnOldPasswordDoesNotAlert() throws {
        var office = try Office()
        for number in 0..<30 {
            office.ntlm(
                "10.0.0.10", "10.0.0.3", user: "svc", success: false,
                at: Office.at(day: 0, hour: 10) + .seconds(Int64(number * 300)))
        }
        try office.play()
        #expect(office.high.isEmpty)
    }

    @Test func aSweepOverHostsAlertsAndNamesThePort() throws {
        var office = try Office()
        for host in 1...200 {
            office.conn(
                "10.0.0.10", "10.0.7.\(host)", port: 445,
                at: Office.at(day: 0, hour: 10) + .milliseconds(Int64(host * 200)),
                seconds: 0, sent: 0, received: 0, state: "S0")
        }
        try office.play()
        let alert = try #require(office.high("Network Scan").first)
        #expect(alert.values["port"] == .number(445))
        #expect(alert.devices.first == "10.0.0.10")
    }

    @Test func oneServerThatIsDownIsNoScan() throws {
        var office = try Office()
        for attempt in 0..<300 {
            office.conn(
                "10.0.0.10", "10.0.7.9", port: 443, at: Office.at(day: 0, hour: 10) + .seconds(Int64(attempt)),
                seconds: 0,
                sent: 0, received: 0, state: "S0")
        }
        try office.play()
        #expect(office.high.isEmpty)
    }

    @Test func aProgramFromABareAddressAlertsAndOneFromACommonDomainDoesNot() throws {
        var office = try Office()
        let time = Office.at(day: 0, hour: 10)
        office.http(
            "10.0.0.10", "203.0.113.66", host: "203.0.113.66", uri: "/a.exe", mime: "application/x-dosexec", at: time)
        office.http(
            "10.0.0.11", "198.51.100.7", host: "dl.windowsupdate.com", uri: "/b.exe", mime: "application/x-dosexec",
            at: time)
        try office.play()
        let alerts = office.high("EXE from Rare External Location")
        #expect(alerts.map { $0.devices } == [["10.0.0.10"]])
        #expect(alerts.first?.destinations == ["203.0.113.66"])
    }

    @Test func dataInNamesAlertsAndOrdinaryNamesDoNot() throws {
        var office = try Office()
        for number in 0..<300 {
            let time = Office.at(day: 0, hour: 10) + .seconds(Int64(number))
            let label =
                String(StableHash.mix(UInt64(number)), radix: 36)
                + String(StableHash.mix(UInt64(number + 9000)), radix: 36)
            office.dns("10.0.0.10", "\(label)\(label).t.pirate.example", at: time, type: "NULL", answers: ["x"])
            office.dns("10.0.0.11", "image\(number % 15).static.shop.example", at: time, answers: ["203.0.113.5"])
        }
        try office.play()
        #expect(office.high.map(\.model) == ["Compromise / DNS Tunnelling"])
        #expect(office.high.first?.devices == ["10.0.0.10"])
    }

    @Test func aGigabyteReadInsideAndSentToAStrangerTellsOneStory() throws {
        var office = try Office()
        office.work(days: 0..<18)
        let start = Office.at(day: 18, hour: 14)
        for number in 0..<20 {
            office.file(
                "10.0.0.12", "10.0.0.3", share: "\\\\FS\\plans", "plan\(number).dwg", size: 55_000_000,
                at: start + .seconds(Int64(number)))
        }
        office.conn(
            "10.0.0.12", "10.0.0.3", port: 445, at: start, seconds: 600, sent: 2_000_000, received: 1_100_000_000)
        office.dns("10.0.0.12", "drop.stranger.example", at: start + .seconds(900), answers: ["198.51.100.77"])
        office.conn(
            "10.0.0.12", "198.51.100.77", port: 443, at: start + .seconds(901), seconds: 1200, sent: 1_090_000_000,
            received: 90_000)
        try office.play(until: start + .hours(3))
        let sent = try #require(office.high("Data Sent to Rare Domain").first)
        let both = try #require(office.high("Download and Upload").first)
        #expect(sent.destinations == ["stranger.example"])
        #expect(sent.users == ["user12"])
        #expect(both.incident == sent.incident)
        let files = both.observations.flatMap(\.evidence).filter { $0.kind == "file" }
        #expect(files.contains { $0.fields["name"] == .text("plan0.dwg") && $0.fields["size"] == .bytes(55_000_000) })
        let incident = try #require(office.incidents[both.incident])
        #expect(incident.score > max(sent.score, both.score))
    }

    @Test func aNightlyBackupToItsUsualPlaceDoesNotAlert() throws {
        var office = try Office()
        office.work(days: 0..<19)
        for day in 0..<19 {
            let time = Office.at(day: day, hour: 1.5)
            office.dns("10.0.0.3", "eu.vault.example", at: time, answers: ["198.51.100.9"])
            office.conn(
                "10.0.0.3", "198.51.100.9", port: 443, at: time + .seconds(1), seconds: 900,
                sent: 900_000_000 + UInt64(day % 5) * 30_000_000, received: 9000)
        }
        try office.play()
        #expect(office.high.filter { $0.destinations == ["vault.example"] }.isEmpty)
    }

    @Test func anOfficeThatOnlyWorksHasNoAlert() throws {
        var office = try Office()
        office.work(days: 0..<26)
        try office.play()
        #expect(office.high.isEmpty)
    }

    @Test func aBeaconToAStrangerAlertsAndAnOldHabitDoesNot() throws {
        var office = try Office()
        office.work(days: 0..<18)
        for minute in 0..<(18 * 24 * 6) {
            office.conn(
                "10.0.0.13", "198.51.100.30", port: 443, at: Office.at(day: 0, hour: Double(minute) / 6), sent: 300,
                received: 200)
        }
        for minute in 0..<240 {
            let jitter = Double((minute * 7) % 13) - 6
            office.conn(
                "10.0.0.14", "198.51.100.31", port: 443,
                at: Office.at(day: 17, hour: 10) + Interval(seconds: Double(minute) * 60 + jitter),
                sent: 320, received: 180)
        }
        try office.play()
        #expect(office.high("Beaconing Activity To External Rare").map(\.destinations) == [["198.51.100.31"]])
    }

    @Test func administratorOnASalesMachineAlerts() throws {
        var office = try Office()
        office.work(days: 0..<18)
        office.ntlm(
            "10.0.0.15", "10.0.0.3", user: "CORP\\Administrator", success: true, at: Office.at(day: 17, hour: 15.2))
        office.ntlm("10.0.0.16", "10.0.0.3", user: "CORP\\user17", success: true, at: Office.at(day: 17, hour: 15.2))
        try office.play()
        let alerts = office.high("New Admin Credentials on Client")
        #expect(alerts.map { $0.devices.first } == ["pc-015"])
        #expect(alerts.first?.values["account"] == .text("administrator"))
    }

    @Test func filesAtNightAlertAndAnHourOfOvertimeDoesNot() throws {
        var office = try Office()
        office.work(days: 0..<18)
        for number in 0..<30 {
            office.file(
                "10.0.0.12", "10.0.0.3", share: "\\\\FS\\hr", "salary\(number).xlsx", size: 9000,
                at: Office.at(day: 16, hour: 26) + .seconds(Int64(number * 20)))
            office.file(
                "10.0.0.18", "10.0.0.3", share: "\\\\FS\\sales", "offer\(number).xlsx", size: 9000,
                at: Office.at(day: 16, hour: 18.7) + .seconds(Int64(number * 20)))
        }
        try office.play()
        #expect(office.high("Unusual Hours").map { $0.devices.first } == ["pc-012"])
    }

    @Test func aStrangeMachineAlertsAndOneMoreOfTheHouseDoesNot() throws {
        var office = try Office()
        office.work(days: 0..<18)
        let time = Office.at(day: 17, hour: 11)
        office.lease("dc:a6:32:01:02:03", name: "kali", address: "10.0.0.90", at: time)
        office.conn("10.0.0.90", "10.0.0.3", port: 445, at: time + .seconds(60))
        office.lease("00:1b:21:00:00:99", name: "PC-099", address: "10.0.0.91", at: time)
        office.ntlm("10.0.0.91", "10.0.0.3", user: "user99", success: true, at: time + .seconds(30))
        try office.play(until: Office.at(day: 17, hour: 20))
        #expect(office.high("New Device on Network").map { $0.devices } == [["kali"]])
    }
}
