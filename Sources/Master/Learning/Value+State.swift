import Shared

extension Value: StateCoded {
    init() { self = .number(0) }

    mutating func code(_ coder: inout StateCoder) {
        var kind = tag
        coder.code(&kind)
        var (number, time, text, texts) = parts
        switch kind {
        case 0, 1, 2: coder.code(&number)
        case 3: coder.code(&time)
        case 4: coder.code(&text)
        default: coder.code(&texts)
        }
        guard coder.isReading else { return }
        switch kind {
        case 0: self = .number(number)
        case 1: self = .bytes(number)
        case 2: self = .seconds(number)
        case 3: self = .time(time)
        case 4: self = .text(text)
        default: self = .texts(texts)
        }
    }

    private var tag: UInt64 {
        switch self {
        case .number: 0
        case .bytes: 1
        case .seconds: 2
        case .time: 3
        case .text: 4
        case .texts: 5
        }
    }

    private var parts: (Double, Timestamp, String, [String]) {
        switch self {
        case .number(let value), .bytes(let value), .seconds(let value): (value, Timestamp(), "", [])
        case .time(let value): (0, value, "", [])
        case .text(let value): (0, Timestamp(), value, [])
        case .texts(let value): (0, Timestamp(), "", value)
        }
    }
}

extension Evidence: StateCoded {
    init() { self.init(kind: "", time: Timestamp(), fields: [:]) }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&kind)
        coder.code(&time)
        coder.code(&uid)
        coder.code(&fields)
    }
}

extension EntityID: StateCoded {
    init() { self.init(kind: .site, name: "") }

    mutating func code(_ coder: inout StateCoder) {
        var text = kind.rawValue
        coder.code(&text)
        kind = Kind(rawValue: text) ?? .site
        coder.code(&name)
    }
}

extension Observation: StateCoded {
    init() { self.init(id: "", observer: "", entity: EntityID(), time: Timestamp(), bits: 0) }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&id)
        coder.code(&observer)
        coder.code(&entity)
        coder.code(&time)
        coder.code(&bits)
        coder.code(&values)
        coder.code(&evidence)
    }
}

extension Alert: StateCoded {
    init() {
        self.init(
            id: "", time: Timestamp(), score: 0, bits: 0, model: "", entity: EntityID(), devices: [], users: [],
            destinations: [], attack: [], incident: "", values: [:], observations: [])
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&id)
        coder.code(&time)
        coder.code(&score)
        coder.code(&bits)
        coder.code(&model)
        coder.code(&entity)
        coder.code(&devices)
        coder.code(&users)
        coder.code(&destinations)
        coder.code(&attack)
        coder.code(&incident)
        coder.code(&values)
        coder.code(&observations)
    }
}

extension Incident: StateCoded {
    init() {
        self.init(
            id: "", firstTime: Timestamp(), lastTime: Timestamp(), score: 0, devices: [], users: [], destinations: [],
            attack: [], models: [], alerts: [])
    }

    mutating func code(_ coder: inout StateCoder) {
        coder.code(&id)
        coder.code(&firstTime)
        coder.code(&lastTime)
        coder.code(&score)
        coder.code(&devices)
        coder.code(&users)
        coder.code(&destinations)
        coder.code(&attack)
        coder.code(&models)
        coder.code(&alerts)
    }
}
