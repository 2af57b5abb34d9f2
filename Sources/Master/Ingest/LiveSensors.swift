internal import Protocol

/// Which sensors are connected: one connection each, and a way to cut it.
actor LiveSensors {
    typealias Cut = @Sendable (Refusal) -> Void

    private struct Connection {
        let number: Int
        let serial: String
        let cut: Cut
    }

    private var connections: [SensorIdentity: Connection] = [:]
    private var nextNumber = 0

    /// Enters a connection; one that the sensor had before is cut.
    /// - Returns: a number for ``leave(_:number:)``.
    func enter(_ sensor: SensorIdentity, serial: String, cut: @escaping Cut) -> Int {
        connections[sensor]?.cut(
            Refusal(.superseded, "The sensor has connected a second time; only the newer connection goes on."))
        nextNumber += 1
        connections[sensor] = Connection(number: nextNumber, serial: serial, cut: cut)
        return nextNumber
    }

    func leave(_ sensor: SensorIdentity, number: Int) {
        if connections[sensor]?.number == number { connections[sensor] = nil }
    }

    /// Cuts every connection whose certificate is revoked.
    func cut(serials: Set<String>) {
        for (sensor, connection) in connections where serials.contains(connection.serial) {
            connection.cut(.revoked(sensor))
        }
    }
}

extension Refusal {
    static func revoked(_ sensor: SensorIdentity) -> Refusal {
        Refusal(.revoked, "The certificate of \(sensor) is revoked; enrol the sensor again with a new token.")
    }
}
