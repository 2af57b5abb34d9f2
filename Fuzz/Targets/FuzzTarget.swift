import Sensor
import Shared

/// Something that takes untrusted bytes, and how to try it.
///
/// To crash, to hang, to take memory without a bound and to break a stated promise (`precondition`) all count alike.
protocol FuzzTarget: Sendable {
    /// On the command line, and the folder of its corpus.
    var name: String { get }
    /// Takes one input.
    func run(_ input: UnsafeRawBufferPointer)
    /// What a capture of Tests/Fixtures gives as first inputs.
    func seeds(of fixture: Fixture) -> [[UInt8]]
}

enum FuzzTargets {
    /// Decoders, then every analyzer that is registered: a new protocol has its target without a word here.
    static let all: [any FuzzTarget] =
        [
            CaptureTarget(), PacketsTarget(), FragmentsTarget(), ReassemblyTarget(), BatchTarget(), SpoolTarget(),
            ImportTarget(),
        ] + AnalyzerRegistry.all.map { AnalyzerTarget(type: $0) }

    static func named(_ name: String) -> (any FuzzTarget)? { all.first { $0.name == name } }
}
