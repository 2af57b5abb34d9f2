import ArgumentParser
import Sensor

@main
struct SensorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meneki-sensor",
        abstract: "Sees what happens on a network segment and tells the master.",
        subcommands: [ReadCommand.self, EnrollCommand.self, RunCommand.self, ReplayCommand.self])

    static func main() async {
        Terminal.prepare()
        Heap.keepsFreedMemory()
        await main(nil)
    }
}
