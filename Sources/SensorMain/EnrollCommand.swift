internal import ArgumentParser
internal import Foundation
internal import Sensor

/// Gets the sensor its certificate from a master.
struct EnrollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Enrols this sensor at a master with a one-time token.",
        discussion: """
            Create the token on the master: meneki-master token create --site tokyo

            Example: meneki-sensor enroll --master 10.1.2.3:4747 --token meneki1.8f... --site tokyo \
            --state /var/lib/meneki-sensor
            """)

    @Option(help: "Address of the master, HOST:PORT.")
    var master: String
    @Option(help: "What `meneki-master token create` printed.")
    var token: String
    @Option(help: "The site where this sensor stands.")
    var site: String
    @Option(help: "The sensor's name within its site; the host's name by default.")
    var name: String?
    @Option(help: "Directory for key, certificate and spool.")
    var state: String

    mutating func run() async throws {
        guard let address = MasterAddress(master) else {
            throw ValidationError("--master \(master) is not an address: give HOST:PORT, for example 10.1.2.3:4747")
        }
        let name = name ?? String(ProcessInfo.processInfo.hostName.prefix { $0 != "." })
        try await Terminal.reporting {
            try await Enroller.enrol(master: address, token: token, site: site, name: name, directory: state)
        }
        Terminal.say("enrolled as \(site)/\(name) at \(address)")
    }
}
