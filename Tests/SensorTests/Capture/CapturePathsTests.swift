import Foundation
import Testing

@testable import Sensor

/// What a directory of captures means.
@Suite struct CapturePathsTests {
    @Test func filesThatHaveNoNameOfACaptureAreLeftOutByName() throws {
        let folder = NSTemporaryDirectory() + "captures-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/below", withIntermediateDirectories: true)
        let names = "a.pcap b.pcap.zst c.pcapng.gz d.pcap3 noext below/e.cap below/f.txt .hidden"
        for name in names.split(separator: " ") {
            #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil))
        }
        let captures = ["a.pcap", "below/e.cap", "c.pcapng.gz", "d.pcap3"].map { "\(folder)/\($0)" }
        #expect(CapturePaths.expand(folder).sorted() == captures)
        let others = ["b.pcap.zst", "below/f.txt", "noext"].map { "\(folder)/\($0)" }
        #expect(CapturePaths.leftOut(of: folder).sorted() == others)
    }

    @Test func aFileThatIsNamedIsTakenWhateverItsName() {
        #expect(CapturePaths.expand("/nonexistent/noext") == ["/nonexistent/noext"])
        #expect(CapturePaths.leftOut(of: "/nonexistent/noext").isEmpty)
    }
}
