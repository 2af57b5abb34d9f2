import Glibc
import Shared

/// A hostile capture file, read to its end. What must hold: no crash, and an end.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCapture(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let descriptor = memfd_create("capture", 0)
    guard descriptor >= 0, write(descriptor, start, count) == count else { return 0 }
    defer { close(descriptor) }
    do throws(CaptureError) {
        var file = try CaptureFile(path: "/proc/self/fd/\(descriptor)")
        var bytes = 0
        while let packet = file.next() {
            bytes &+= packet.bytes.reduce(0) { $0 &+ Int($1) }
            precondition(packet.wireLength >= packet.bytes.count, "more captured than there was")
        }
    } catch {
        precondition(!error.description.isEmpty, "an error without words")
    }
    return 0
}
