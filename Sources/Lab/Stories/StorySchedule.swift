internal import Shared

/// When each story plays and who is in it: in the last week, on working days, each with a person of its own.
struct StorySchedule: Sendable {
    private struct Entry: Sendable {
        var kind: StoryKind
        var day: Int
        var person: Int
    }

    private var entries: [Entry] = []

    init(_ company: Company) {
        let last = company.settings.firstDay + company.settings.days - 1
        let working = (0..<7).map { last - $0 }.filter { Calendar.isWorkingDay($0) }
        guard let lastWorking = working.first else { return }
        var sales = company.people.filter { $0.department == .sales }.map(\.index)
        var chance = company.random.fork("stories")
        for kind in StoryKind.allCases {
            // Drawn for every kind, played or not, so that a story is the same alone and among others.
            let place = sales.isEmpty ? 0 : chance.int(0, sales.count - 1)
            let person = sales.isEmpty ? chance.int(0, company.people.count - 1) : sales.remove(at: place)
            guard company.settings.stories.contains(kind) else { continue }
            let back = min(Self.daysBeforeEnd(kind), working.count - 1)
            entries.append(Entry(kind: kind, day: back < working.count ? working[back] : lastWorking, person: person))
        }
    }

    /// In working days before the last one.
    private static func daysBeforeEnd(_ kind: StoryKind) -> Int {
        switch kind {
        case .exfiltration: 0
        case .exe, .dnsTunnel: 1
        case .beacon, .nightHR: 2
        case .scan, .adminCredentials: 3
        case .bruteforce, .newDevice: 4
        }
    }

    /// People who must be at work on a day, since a story needs them.
    func cast(on day: Int) -> Set<Int> { Set(entries.filter { $0.day == day }.map(\.person)) }

    /// Plays what is due on a day.
    func play(_ day: Int, _ log: inout DayLog) -> [Truth] {
        entries.filter { $0.day == day }.map { entry in
            log.chance = log.company.random.fork("story " + entry.kind.rawValue)
            let person = log.company.people[entry.person]
            let device = log.company.device(of: person, day: day)
            var truth = Self.play(entry.kind, person, device, &log)
            truth.site = log.company.settings.site
            if truth.mac.isEmpty { truth.mac = device.mac.description }
            return truth
        }
    }

    private static func play(_ kind: StoryKind, _ person: Person, _ device: Device, _ log: inout DayLog) -> Truth {
        switch kind {
        case .exfiltration: Theft.exfiltration(person, device, &log)
        case .nightHR: Theft.nightHR(person, device, &log)
        case .bruteforce: Intrusion.bruteforce(person, device, &log)
        case .adminCredentials: Intrusion.adminCredentials(person, device, &log)
        case .newDevice: Intrusion.newDevice(&log)
        case .scan: Intrusion.scan(device, &log)
        case .beacon: Malware.beacon(device, &log)
        case .exe: Malware.exe(device, &log)
        case .dnsTunnel: Malware.dnsTunnel(device, &log)
        }
    }
}
