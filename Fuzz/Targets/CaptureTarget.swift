@testable import Sensor
import Shared

/// A capture file, read to its end: pcap, pcapng, gzip.
struct CaptureTarget: FuzzTarget {
    let name = "capture"

    func run(_ input: UnsafeRawBufferPointer) {
        let path = ScratchFolder.write(input, to: "capture")
        do throws(CaptureError) {
            var file = try CaptureFile(path: path)
            var sum = 0
            while let packet = file.next() {
                sum &+= packet.bytes.reduce(0) { $0 &+ Int($1) }
                precondition(packet.wireLength >= packet.bytes.count, "more captured than there was")
            }
        } catch {
            precondition(!error.description.isEmpty, "an error without words")
        }
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] { fixture.isCapture ? [Array(fixture.content.prefix(16_384))] : [] }
}
