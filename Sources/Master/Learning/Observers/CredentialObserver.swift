import Shared

/// Privileged accounts where they never were.
///
/// Method: a privileged account (by name, or by its use of administrative shares) on a device where it is new; fewer
/// bits for an account that is new somewhere all the time, more where the device has users of its own. Minimum data:
/// three days. Known false positives: an administrator's new machine.
struct CredentialObserver: Observer {
    private var devices = EntityMemory<AdminShares>(shardSize: 8)

    static let matureDays = 3.0

    init(settings: SiteSettings) {}

    /// Servers whose administrative shares a device used, and when it was first seen to.
    struct AdminShares: StateCoded {
        var servers: [Int32] = []
        mutating func code(_ coder: inout StateCoder) { coder.code(&servers) }
    }

    mutating func code(_ archive: inout StateArchive) { archive.memory("credential", &devices) }

    mutating func observe(_ fact: Fact, _ moment: Moment, _ inventory: Inventory, into sink: inout SignalSink) {
        switch fact {
        case .login(let login):
            guard login.isNewOnDevice, login.originator.isInside, login.account >= 0 else { return }
            judge(login, moment, inventory, &sink)
        case .share(let use) where use.name.isEmpty && ShareName.isAdministrative(use.path):
            noteShare(use, moment, inventory, &sink)
        default: break
        }
    }

    private func judge(_ login: Fact.Login, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink) {
        let device = login.originator.device
        let account = inventory.accounts[login.account]
        let facts = inventory[device]
        guard account.isPrivileged, !facts.isServer, moment.ageDays >= Self.matureDays else { return }
        let elsewhere = account.firstDays.keys.filter { Int($0) != device && !inventory[Int($0)].isServer }.count
        let ownUsers = facts.users.filter { Int($0) != login.account }
        var bits = 10 - 2 * Surprise.log2(1 + Double(elsewhere))
        // A machine of somebody else's; on a machine that nobody used yet a new account is no surprise.
        bits += ownUsers.isEmpty ? -3 : 4
        let knownDays = (moment.time - facts.device.firstSeen).seconds / 86_400
        bits += min(2, knownDays / 5)
        guard bits > 3 else { return }
        var signal = Signal("credential.admin", device: device, subject: "", time: moment.time, bits: bits)
        signal.user = login.account
        if login.responder.isInside { signal.peers = [login.responder.device] }
        signal.values["account"] = .text(account.account.id)
        signal.values["other_device_count"] = .number(Double(elsewhere))
        signal.values["usual_accounts"] = .texts(ownUsers.prefix(5).map { inventory.accounts[Int($0)].account.id })
        signal.evidence = [
            Evidence(
                kind: "login", time: moment.time, uid: login.uid,
                fields: [
                    "username": .text(account.account.id), "method": .text(login.method.rawValue),
                    "id.resp_h": .text(login.responder.address.description),
                ])
        ]
        sink.emit(signal)
    }

    private mutating func noteShare(
        _ use: Fact.ShareUse, _ moment: Moment, _ inventory: Inventory, _ sink: inout SignalSink
    ) {
        let known = devices.peek(use.client).servers
        guard !known.contains(Int32(use.server)), known.count < 256 else { return }
        devices[use.client].servers.append(Int32(use.server))
        // Who uses them on many machines administers.
        let bits = moment.maturity * max(0, 7 - 1.5 * Surprise.log2(1 + Double(known.count)))
        guard bits > 1 else { return }
        var signal = Signal("share.admin", device: use.client, subject: "", time: moment.time, bits: bits)
        signal.peers = [use.server]
        signal.values["share"] = .text(use.path)
        signal.values["server"] = .text(inventory[use.server].device.name)
        signal.evidence = [
            Evidence(kind: "share", time: moment.time, uid: use.uid, fields: ["path": .text(use.path)])
        ]
        sink.emit(signal)
    }
}
