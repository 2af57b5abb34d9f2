import Foundation
import NIOCore
import Protocol
import Sensor
import Shared
import Testing

@Suite struct LogDirectoryTests {
    @Test func makesTheDirectoryWithItsParents() throws {
        let top = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        for path in [top.appending(path: "site/2026-11-24").path(), top.path() + "/site/with-slash/"] {
            let logs = try LogDirectory(path: path, format: .zeekJSON)
            #expect(logs.path == path)
            var isDirectory: ObjCBool = false
            #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue)
        }
    }

    @Test func namesAParentThatIsAFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let path = file.path() + "/below"
        let error = #expect(throws: LogError.self) { _ = try LogDirectory(path: path, format: .zeekJSON) }
        #expect(error?.path == path)
    }

    @Test func batchesAreWrittenAsTheyWouldBeSent() throws {
        let top = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        var logs = try LogDirectory(path: top.path(), format: .batch)
        for detail in ["one", "two"] {
            var sink = RecordSink()
            sink.weird("data_after_reset", detail: detail, source: "test")
            try logs.write(sink.batch)
        }
        try logs.finish()
        #expect(logs.recordCount == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: top.path()) == ["sensor.batches"])

        var buffer = ByteBuffer(bytes: try Data(contentsOf: top.appending(path: "sensor.batches")))
        var decoder = FrameDecoder()
        for (sequence, detail) in [(1, "one"), (2, "two")] {
            guard case .batch(let frame)? = try decoder.decode(buffer: &buffer)?.message else {
                Issue.record("no batch where number \(sequence) should be")
                return
            }
            #expect(frame.sequence == UInt64(sequence))
            let batch = try BatchDecoder.decode(frame.content).batch
            #expect(batch.recordCount == 1 && batch.strings.strings.contains(detail))
        }
        #expect(buffer.readableBytes == 0)
    }
}
