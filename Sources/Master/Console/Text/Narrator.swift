import Foundation
import Shared

/// Tells alerts and incidents in plain words: the models' own texts, filled with values as the viewer writes them.
struct Narrator: Sendable {
    let texts: any ModelTexts
    let catalog: Catalog
    let format: Format
    /// Names for people, by identifier of the device and by address.
    var names: [String: String] = [:]

    func name(_ identifier: String) -> String { names[identifier] ?? identifier }

    /// What happened, short: the model's title, or its name without the folder.
    func title(_ alert: Alert) -> String {
        guard let template = texts.title(of: alert.model, format.language) else { return Self.short(alert.model) }
        return Catalog.fill(template, values(of: alert))
    }

    /// What happened and what was normal, as one or two sentences.
    func sentence(_ alert: Alert) -> String {
        guard let template = texts.sentence(of: alert.model, format.language) else {
            return catalog.text("story.generic", ["model": Self.short(alert.model), "who": who(alert)])
        }
        return Catalog.fill(template, values(of: alert))
    }

    private func who(_ alert: Alert) -> String {
        let names = alert.devices.map(name)
        return format.list(names.isEmpty ? [alert.entity.name] : names)
    }

    private func values(of alert: Alert) -> [String: String] {
        var values = alert.values.mapValues { value -> String in
            switch value {
            case .text(let text): name(text)
            case .texts(let texts): format.list(texts.map(name))
            default: format.value(value)
            }
        }
        let defaults = [
            "device": who(alert), "entity": name(alert.entity.name), "user": format.list(alert.users),
            "users": format.list(alert.users), "destination": format.list(alert.destinations),
            "domain": format.list(alert.destinations), "time": format.time(alert.time),
        ]
        values.merge(defaults) { own, _ in own }
        return values
    }

    /// `Anomalous Connection / Data Sent to Rare Domain` is called by its last part.
    static func short(_ model: String) -> String {
        model.split(separator: "/").last.map { $0.trimmingSpaces } ?? model
    }

    /// The headline of an incident.
    func headline(_ incident: Incident, lead: Alert?) -> String {
        if let lead { return title(lead) }
        return incident.models.first.map(Self.short) ?? incident.id
    }
}
