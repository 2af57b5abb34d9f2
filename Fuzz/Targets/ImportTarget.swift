import CZlib
import Glibc
@testable import Sensor
import Shared

/// A log of Zeek, TSV or JSON, plain or gzip. Input: a byte that names the log, then its content.
struct ImportTarget: FuzzTarget {
    let name = "import"

    private static let logs = Records.kinds.map(\.name)

    func run(_ input: UnsafeRawBufferPointer) {
        guard let kind = input.first else { return }
        let path = ScratchFolder.write(input.dropFirst(), to: Self.logs[Int(kind) % Self.logs.count] + ".log")
        defer { unlink(path) }
        do throws(SourceError) {
            var source = try ZeekImport(paths: [path]) { precondition(!$0.description.isEmpty) }
            var records: UInt64 = 0
            while let batch = try source.nextBatch() {
                records += UInt64(batch.recordCount)
                Promises.travels(batch)
            }
            precondition(records == source.counters.records, "records are not all counted")
            precondition(
                source.counters.records + source.counters.badLines <= source.counters.lines, "lines are counted twice")
        } catch {
            precondition(!error.description.isEmpty, "an error without words")
        }
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        guard !fixture.isCapture, let file = fixture.path.split(separator: "/").last,
            let kind = Self.logs.firstIndex(of: String(file.prefix { $0 != "." })), let log = gzopen(fixture.path, "rb")
        else { return [] }
        defer { gzclose(log) }
        let plain = [UInt8](unsafeUninitializedCapacity: 6000) { buffer, count in
            count = max(0, Int(gzread(log, buffer.baseAddress, 6000)))
        }
        let packed = fixture.content
        return [[UInt8(kind)] + plain] + (packed.count < 2000 ? [[UInt8(kind)] + packed] : [])
    }
}
