public import Shared

/// A site's engine: the one straight line from record to incident. See ``SiteEngine``.
public struct SiteLearningEngine: SiteEngine {
    private let settings: SiteSettings
    private var calendar: SiteCalendar
    private var inventory: Inventory
    private var observers: [any Observer]
    private var detector: Detector
    private var incidents: IncidentBook
    private var clock = Clock()
    private var changes = SiteChanges()
    private var alertPositions: [String: Int] = [:]
    private var incidentPositions: [String: Int] = [:]

    /// States that were given but could not be read; what they held is learned anew.
    public let unreadableStates: [StateKey]

    struct Clock: StateCoded {
        /// Hour of event time that is open, in hours since the epoch; 0 before the first record.
        var hour = 0
        mutating func code(_ coder: inout StateCoder) { coder.code(&hour) }
    }

    /// - Parameter restoring: all states that ``takeChanges()`` ever gave for the site, the latest of each key.
    /// - Throws: ``SiteSettingsError``, or ``PatternError`` where a model file is wrong.
    public init(site settings: SiteSettings, restoring: [StateKey: [UInt8]] = [:]) throws {
        try settings.validate()
        guard let calendar = SiteCalendar(timeZone: settings.timeZone, holidays: settings.holidays) else {
            throw SiteSettingsError(problems: ["time zone '\(settings.timeZone)' is not known"])
        }
        let library = try PatternLibrary.load(folder: settings.modelFolder)
        self.settings = settings
        self.calendar = calendar
        inventory = Inventory(settings: settings)
        observers = ObserverRegistry.make(settings)
        detector = Detector(library: library, budget: settings.alertBudget)
        incidents = IncidentBook(library: library)
        var archive = StateArchive(restoring: restoring)
        if restoring.isEmpty {
            unreadableStates = []
        } else {
            Self.code(&archive, &inventory, &observers, &detector, &incidents, &clock)
            unreadableStates = archive.broken
        }
    }

    private static func code(
        _ archive: inout StateArchive, _ inventory: inout Inventory, _ observers: inout [any Observer],
        _ detector: inout Detector, _ incidents: inout IncidentBook, _ clock: inout Clock
    ) {
        inventory.code(&archive)
        for index in observers.indices { observers[index].code(&archive) }
        detector.code(&archive)
        incidents.code(&archive)
        archive.single("clock", &clock)
    }

    public mutating func observe(_ record: RecordView, at time: Timestamp) {
        advance(to: time)
        inventory.begin(at: time)
        let hour = calendar.hour(of: time)
        let reader = FactReader(record: record, time: time, day: hour.day)
        guard let fact = reader.read(&inventory) else { return }
        let moment = moment(time, hour)
        var sink = SignalSink()
        for index in observers.indices { observers[index].observe(fact, moment, inventory, into: &sink) }
        if !sink.signals.isEmpty { judge(sink.signals, moment) }
    }

    private func moment(_ time: Timestamp, _ hour: LocalHour) -> Moment {
        let age = inventory.overview.hasBegun ? (time - inventory.overview.firstTime).seconds / 86_400 : 0
        return Moment(time: time, hour: hour, ageDays: age, deviceCount: inventory.count)
    }

    public mutating func advance(to time: Timestamp) {
        guard time.nanoseconds > 0 else { return }
        let hour = Int(time.nanoseconds / (3600 * Timestamp.nanosecondsPerSecond))
        if clock.hour == 0 { clock.hour = hour }
        // After a long silence only the last hours can still say anything.
        if hour - clock.hour > 200 { clock.hour = hour - 200 }
        while clock.hour < hour {
            clock.hour += 1
            close(endingAt: Timestamp(nanoseconds: Int64(clock.hour) * 3600 * Timestamp.nanosecondsPerSecond))
        }
    }

    private mutating func close(endingAt end: Timestamp) {
        let last = Timestamp(nanoseconds: end.nanoseconds - 1)
        let moment = moment(last, calendar.hour(of: last))
        var sink = SignalSink()
        for index in observers.indices { observers[index].close(moment, inventory, into: &sink) }
        changes.hours += sink.hours
        if !sink.signals.isEmpty { judge(sink.signals, moment) }
        detector.forget(before: end - .days(8))
        incidents.forget(before: end - .days(4))
    }

    private mutating func judge(_ signals: [Signal], _ moment: Moment) {
        for fired in detector.take(signals, moment, inventory) {
            var alert = fired
            let incident = incidents.add(alert, at: moment.time)
            alert.incident = incident.id
            detector.assign(alert, incident: incident.id)
            if let position = alertPositions[alert.id] {
                changes.alerts[position] = alert
            } else {
                alertPositions[alert.id] = changes.alerts.count
                changes.alerts.append(alert)
            }
            if let position = incidentPositions[incident.id] {
                changes.incidents[position] = incident
            } else {
                incidentPositions[incident.id] = changes.incidents.count
                changes.incidents.append(incident)
            }
        }
    }

    public mutating func takeChanges() -> SiteChanges {
        var archive = StateArchive()
        changes.devices = inventory.takeChanged()
        changes.accounts = inventory.accounts.takeChanged()
        Self.code(&archive, &inventory, &observers, &detector, &incidents, &clock)
        changes.states = archive.changed
        changes.observations = changes.alerts.flatMap(\.observations)
        defer {
            changes = SiteChanges()
            alertPositions = [:]
            incidentPositions = [:]
        }
        return changes
    }
}
