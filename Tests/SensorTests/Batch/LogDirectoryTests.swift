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

    /// Readers of Zeek's logs look for these lines in this order, and take one without the last for unfinished.
    @Test func aTSVLogTellsWhenItBeganAndEnded() throws {
        let top = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        var logs = try LogDirectory(path: top.path(), format: .zeekTSV)
        // 2026-11-29 08:05:09 UTC, and two seconds more; 1795939509 by date(1).
        for second: Int64 in [0, 2, 1] {
            var sink = RecordSink()
            sink.now = Timestamp(nanoseconds: (1_795_939_509 + second) * 1_000_000_000)
            sink.weird("data_after_reset", detail: "x", source: "test")
            try logs.write(sink.batch)
        }
        try logs.finish()
        let text = try String(contentsOf: top.appending(path: "weird.log"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        let marks = lines.filter { $0.hasPrefix("#") }.compactMap {
            $0.split(whereSeparator: { "\t ".contains($0) }).first
        }
        #expect(
            marks == [
                "#separator", "#set_separator", "#empty_field", "#unset_field", "#path", "#open", "#fields", "#types",
                "#close",
            ])
        #expect(lines.contains("#open\t2026-11-29-08-05-09"))
        #expect(lines.last == "#close\t2026-11-29-08-05-11")
    }

    /// Who reads along sees what was written, and a restart goes on behind what is there, on a line of its own.
    @Test func liveLogsAreFlushedAndGoOn() throws {
        let top = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let file = top.appending(path: "weird.log")
        func write(_ detail: String, _ logs: inout LogDirectory) throws {
            var sink = RecordSink()
            sink.weird("data_after_reset", detail: detail, source: "test")
            try logs.write(sink.batch)
            try logs.flush()
        }
        func lines() throws -> [Substring] { try String(contentsOf: file, encoding: .utf8).split(separator: "\n") }
        var first = try LogDirectory(path: top.path(), format: .zeekJSON, appending: true)
        try write("one", &first)
        #expect(try lines().count == 1)
        // A crash leaves half a line.
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"ts\":1".utf8))
        try handle.close()
        var second = try LogDirectory(path: top.path(), format: .zeekJSON, appending: true)
        try write("two", &second)
        #expect(try lines().count == 3)
        #expect(try lines()[0].contains("one") && lines()[2].contains("two"))
    }

    /// Zeek's ASCII writer doubles backslashes; a byte that is no text stays as records spell it.
    @Test(arguments: [
        (#"\\10.0.0.12\smb2"#, #"\\\\10.0.0.12\\smb2"#), (#"a\xff"#, #"a\xff"#), (#"c:\xylo"#, #"c:\\xylo"#),
        (#"end\"#, #"end\\"#),
    ])
    func backslashesAreDoubledInTSV(text: String, expected: String) throws {
        let top = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        var logs = try LogDirectory(path: top.path(), format: .zeekTSV)
        var sink = RecordSink()
        sink.weird("data_after_reset", detail: text, source: "test")
        try logs.write(sink.batch)
        try logs.finish()
        let rows = try String(contentsOf: top.appending(path: "weird.log"), encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(rows.first?.split(separator: "\t").contains { $0 == expected } == true)
    }
}
