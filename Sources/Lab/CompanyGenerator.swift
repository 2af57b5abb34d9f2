internal import Shared

/// Makes the days of a simulated company, one after the other. The same settings give the same records.
public struct CompanyGenerator: Sendable {
    private let company: Company
    private let schedule: StorySchedule
    private var nextIndex = 0

    /// - Throws: ``LabError/setting(_:)``.
    public init(_ settings: CompanySettings) throws(LabError) {
        try settings.validate()
        company = Company(settings)
        schedule = StorySchedule(company)
    }

    public var dayCount: Int { company.settings.days }

    /// Nil after the last day.
    public mutating func nextDay() -> LabDay? {
        guard nextIndex < dayCount else { return nil }
        let day = company.settings.firstDay + nextIndex
        nextIndex += 1
        var log = DayLog(company: company, day: day)
        MachineDay.play(&log)
        let cast = schedule.cast(on: day)
        for person in company.people {
            // Each person has a stream of chance of their own, so that one story does not change the others' days.
            log.chance = company.random.fork("work", day, person.index)
            PersonDay(person, mustCome: cast.contains(person.index), log: &log)?.play(&log)
        }
        let truths = schedule.play(day, &log)
        return LabDay(name: Calendar.name(day), batch: log.batch, truths: truths)
    }
}
