import Shared

/// Learns one aspect of entities in event time and answers it in bits of surprise. No clock, no database, no other
/// observer. One file in `Learning/Observers` and one line in ``ObserverRegistry``.
protocol Observer: Sendable {
    init(settings: SiteSettings)
    /// Takes one fact.
    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink)
    /// An hour of event time ended; `moment` is its last instant.
    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink)
    /// Saves or restores what it remembers.
    mutating func code(_ archive: inout StateArchive)
}

extension Observer {
    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {}
}

/// When something is observed, and how long the site has been known by then.
struct Moment: Sendable {
    var time: Timestamp
    var hour: LocalHour
    /// Days since the site's first record.
    var ageDays: Double
    /// Devices that are known.
    var deviceCount: Int

    /// 0 on the first day to 1 after a week: how much the absence of something in the past says.
    var maturity: Double { min(1, ageDays / 7) }
}

/// What observers say about one fact.
struct SignalSink {
    var signals: [Signal] = []
    var hours: [EntityHour] = []

    mutating func emit(_ signal: Signal) { signals.append(signal) }
}

/// A measured surprise on its way to detection; becomes an ``Observation`` when an alert holds it.
struct Signal: Sendable, StateCoded {
    /// Stable name of what was observed (`upload.destination`, ...).
    var observer = ""
    /// Device by number, or -1.
    var device = -1
    /// Account by number, or -1.
    var user = -1
    /// What it is about, so that signals about the same thing can be matched: a destination, a server, ...
    var subject = ""
    var time = Timestamp()
    var bits = 0.0
    /// Other devices that took part.
    var peers: [Int] = []
    /// By number.
    var destinations: [Int] = []
    var values: [String: Value] = [:]
    var evidence: [Evidence] = []

    init() {}

    init(_ observer: String, device: Int, subject: String = "", time: Timestamp, bits: Double) {
        self.observer = observer
        self.device = device
        self.subject = subject
        self.time = time
        self.bits = bits
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&observer)
        coder.code(&device)
        coder.code(&user)
        coder.code(&subject)
        coder.code(&time)
        coder.code(&bits)
        coder.code(&peers)
        coder.code(&destinations)
        coder.code(&values)
        coder.code(&evidence)
    }
}
