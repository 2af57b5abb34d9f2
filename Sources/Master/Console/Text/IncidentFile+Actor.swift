extension IncidentFile {
    /// The alert that tells most: the highest score, the earliest of equals.
    var lead: Alert? { alerts.max { ($0.score, $1.time) < ($1.score, $0.time) } }

    /// The device whose doing the incident is: an alert names it before those that it reached.
    var actor: String? { lead?.devices.first ?? incident.devices.first }
}
