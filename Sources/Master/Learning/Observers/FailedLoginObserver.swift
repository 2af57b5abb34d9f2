import Shared

/// Logins that fail: many in an hour, many accounts, many targets.
///
/// Method: failures in an hour against a gamma-Poisson rate of the source's own past (negative binomial tail), plus
/// a bit for each further account. Covers NTLM, Kerberos, SSH, FTP, Telnet, rlogin, rsh, rexec, mail servers
/// (IMAP, POP3, SMTP, ManageSieve), databases (MySQL, PostgreSQL, TDS, MongoDB, Redis), brokers (AMQP, MQTT, NATS,
/// STOMP), XMPP, rsync, VNC, OPC UA, HTTP and, from flows only, many short sessions of a login protocol. Minimum data:
/// none. Known false positives: a service with an expired password; one account failing at an even pace counts half.
struct FailedLoginObserver: Observer {
    private var sources = EntityMemory<FailureWindow>()
    /// Failures at a device from outside.
    private var targets = EntityMemory<FailureWindow>()

    /// Short sessions that count as one failure where the protocol hides it.
    static let quietSessionShare = 0.5

    init(settings: SiteSettings) {}

    mutating func code(_ archive: inout StateArchive) {
        archive.memory("failure.source", &sources)
        archive.memory("failure.target", &targets)
    }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .login(let login): take(login, moment, inventory, &sink)
        case .web(let web):
            let isRefused = web.status == 401 || web.status == 403
            guard isRefused, web.method == "POST" || web.hasUser else { return }
            note(
                web.originator, web.responder, port: web.port, account: "", method: "http", uid: web.uid, moment,
                inventory, &sink)
        case .flow(let flow):
            guard !flow.isInterim, isShortLoginSession(flow) else { return }
            note(
                flow.originator, flow.responder, port: flow.port, account: "", method: "session", uid: flow.uid,
                moment, inventory, &sink)
        default: break
        }
    }

    /// A session of a login protocol that is too small for a login that went on to do something.
    private func isShortLoginSession(_ flow: Fact.Flow) -> Bool {
        guard flow.transport == .tcp, !flow.isFailed, flow.totalSent > 0 else { return false }
        if flow.has("ssh") || [22, 902].contains(flow.port) { return flow.totalReceived < 6_000 && flow.duration < 30 }
        if flow.has("rdp") || flow.port == 3389 { return flow.totalReceived < 8_000 && flow.duration < 20 }
        if [23, 5900].contains(flow.port) { return flow.totalReceived < 2_000 }
        return [3306, 5432].contains(flow.port) && flow.totalReceived < 400 && flow.duration < 5
    }

    private mutating func take(
        _ login: Fact.Login, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        if login.success == false {
            // SSH's own word and its flow are one failure.
            if login.method == .ssh { return noteSSH(login, moment, inventory, &sink) }
            note(
                login.originator, login.responder, port: login.port, account: login.name,
                method: login.method.rawValue, uid: login.uid, moment, inventory, &sink)
        } else if login.success == true, login.originator.isInside {
            sources[login.originator.device].succeeded(at: moment.time)
        }
    }

    private mutating func noteSSH(
        _ login: Fact.Login, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        note(
            login.originator, login.responder, port: login.port, account: "", method: "session", uid: login.uid,
            moment, inventory, &sink)
    }

    private mutating func note(
        _ originator: Fact.End, _ responder: Fact.End, port: UInt16, account: String, method: String, uid: String,
        _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        let failure = FailureWindow.Failure(
            second: Int(moment.time.nanoseconds / 1_000_000_000), target: Int32(responder.device), port: port,
            account: StableHash.of(account), connection: StableHash.of(uid))
        if originator.isInside {
            guard sources[originator.device].add(failure, name: account) else { return }
            let window = sources.peek(originator.device)
            guard window.shouldJudge else { return }
            sources[originator.device].judged()
            let row = Self.row(originator, responder, account, method, uid, window, moment)
            emit(window, originator.device, peers: window.targets, from: "", method, row, moment, inventory, &sink)
        } else if responder.isInside {
            guard targets[responder.device].add(failure, name: account) else { return }
            let window = targets.peek(responder.device)
            guard window.shouldJudge else { return }
            targets[responder.device].judged()
            let from = originator.address.description
            let row = Self.row(originator, responder, account, method, uid, window, moment)
            emit(window, responder.device, peers: [], from: from, method, row, moment, inventory, &sink)
        }
    }

    private static func row(
        _ originator: Fact.End, _ responder: Fact.End, _ account: String, _ method: String, _ uid: String,
        _ window: FailureWindow, _ moment: Moment
    ) -> Evidence {
        var fields: [String: Value] = [
            "id.orig_h": .text(originator.address.description), "id.resp_h": .text(responder.address.description),
            "method": .text(method), "failures": .number(Double(window.failures.count)),
        ]
        if !account.isEmpty { fields["username"] = .text(account) }
        return Evidence(kind: "login", time: moment.time, uid: uid, fields: fields)
    }

    private func emit(
        _ window: FailureWindow, _ device: Int, peers: [Int], from: String, _ method: String, _ row: Evidence,
        _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        var signal = Signal(
            "login.failed", device: device, subject: "", time: moment.time, bits: window.bits)
        signal.peers = peers
        if let name = window.names.first, window.names.count == 1,
            let account = inventory.accounts.known(name)
        {
            signal.user = account
        }
        signal.values["failures"] = .number(Double(window.failures.count))
        signal.values["accounts"] = .number(Double(max(1, window.names.count)))
        signal.values["account_names"] = .texts(Array(window.names.prefix(20)))
        signal.values["normal_low"] = .number(0)
        signal.values["normal_high"] = .number(window.usual.rounded(.up))
        signal.values["method"] = .text(method)
        if !from.isEmpty { signal.values["from"] = .text(from) }
        if let server = peers.first { signal.values["server"] = .text(inventory[server].device.name) }
        signal.evidence = [row]
        sink.emit(signal)
    }

    mutating func close(_ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        let second = Int(moment.time.nanoseconds / 1_000_000_000)
        for index in 0..<sources.count where sources.states[index].isActive { sources[index].closeHour(second, moment) }
        for index in 0..<targets.count where targets.states[index].isActive { targets[index].closeHour(second, moment) }
    }
}

/// Failures of the latest hour and how many an hour usually has.
struct FailureWindow: StateCoded {
    private(set) var failures: [Failure] = []
    private(set) var names: [String] = []
    /// Mean failures in an hour, and hours known, both faded.
    private var past = RateMemory()
    private var judgedCount = 0
    private var hourCount = 0
    private var hasSucceeded = false

    static let limit = 2000

    struct Failure: StateCoded {
        var second = 0
        var target: Int32 = -1
        var port: UInt16 = 0
        var account: UInt64 = 0
        var connection: UInt64 = 0

        init() {}
        init(second: Int, target: Int32, port: UInt16, account: UInt64, connection: UInt64) {
            (self.second, self.target, self.port) = (second, target, port)
            (self.account, self.connection) = (account, connection)
        }

        mutating func code(_ coder: inout StateCoder) {
            coder.code(&second)
            coder.code(&target)
            coder.code(&port)
            coder.code(&account)
            coder.code(&connection)
        }
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&failures)
        coder.code(&names)
        coder.code(&past)
        coder.code(&judgedCount)
        coder.code(&hourCount)
        coder.code(&hasSucceeded)
    }

    var isActive: Bool { !failures.isEmpty || hourCount > 0 || past.isKnown }
    var usual: Double { past.mean * 2 + 2 }

    /// - Returns: false for a second word about a connection that was counted already.
    mutating func add(_ failure: Failure, name: String) -> Bool {
        if failure.account == StableHash.of(""),
            let last = failures.suffix(16).firstIndex(where: { $0.connection == failure.connection }),
            last >= 0
        {
            return false
        }
        if let oldest = failures.first, failure.second - oldest.second > 3600 || failures.count >= Self.limit {
            failures.removeAll { failure.second - $0.second > 3600 }
            if failures.count >= Self.limit { failures.removeFirst(Self.limit / 4) }
            judgedCount = min(judgedCount, failures.count)
            if failures.isEmpty { names = [] }
        }
        failures.append(failure)
        hourCount += 1
        if !name.isEmpty, names.count < 100, !names.contains(name) { names.append(name) }
        return true
    }

    mutating func succeeded(at time: Timestamp) { hasSucceeded = failures.count > 10 }

    var shouldJudge: Bool { failures.count >= 8 && Double(failures.count) >= Double(judgedCount) * 1.2 }
    mutating func judged() { judgedCount = failures.count }

    /// Devices that were tried, in order of their number.
    var targets: [Int] { Array(Set(failures.map { Int($0.target) }.filter { $0 >= 0 })).sorted().prefix(8).map { $0 } }

    var bits: Double {
        let n = failures.count
        var bits = Surprise.countTail(n, shape: past.shape(0.5), exposure: past.exposure(1))
        if names.count > 3 { bits += Double(min(20, names.count - 3)) }
        if names.count <= 1, isPaced { bits *= 0.5 }
        return min(Surprise.maximumBits, bits)
    }

    /// A machine that tries again at an even pace with what it was told once.
    private var isPaced: Bool {
        guard failures.count >= 6, failures.count <= 70 else { return false }
        let gaps = zip(failures.dropFirst(), failures).map { Double($0.second - $1.second) }.sorted()
        let median = gaps[gaps.count / 2]
        let spread = gaps.map { abs($0 - median) }.sorted()[gaps.count / 2]
        return median >= 45 && spread < median * 0.2
    }

    mutating func closeHour(_ second: Int, _ moment: Moment) {
        // What was alarming does not become normal by happening once.
        past.add(min(Double(hourCount), 3 + past.mean * 4), hour: second / 3600)
        hourCount = 0
        if let last = failures.last, second - last.second > 3600 {
            failures = []
            names = []
            judgedCount = 0
            hasSucceeded = false
        }
    }
}
