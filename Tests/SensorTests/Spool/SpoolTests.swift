import Foundation
import Protocol
import Shared
import Testing

@testable import Sensor

/// A folder for the length of `body`.
private func inFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let path = NSTemporaryDirectory() + "/meneki-spool-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// A batch of one weird, told apart by its number.
private func batch(_ number: Int) throws -> EncodedBatch {
    var batch = RecordBatch()
    batch.begin(WeirdRecord.kind)
    batch.set(Records.weird.ts, Timestamp(nanoseconds: Int64(number)))
    batch.set(Records.weird.name, "number_\(number)")
    batch.end()
    return try BatchEncoder.encode(batch)
}

/// Every batch that the spool gives out.
private func contents(_ spool: Spool) async -> [SpooledBatch] {
    var (all, last): ([SpooledBatch], UInt64) = ([], 0)
    while let next = await spool.batch(after: last) {
        all.append(next)
        last = next.sequence
    }
    return all
}

@Suite struct SpoolTests {
    @Test func aSpoolCutAtAnyByteOfItsLastTwoEntriesGoesOnWithTheRightNumber() async throws {
        try await inFolder { folder in
            let spool = try Spool(directory: folder + "/whole")
            var ends: [Int] = []
            for number in 1...5 {
                #expect(try await spool.append(batch(number)) == UInt64(number))
                ends.append(await spool.state.byteCount)
            }
            try await spool.sync()
            let name = "/00000000000000000001.seg"
            let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/whole" + name))
            #expect(whole.count == ends[4])
            for length in ends[2]...ends[4] {
                let cut = folder + "/cut-\(length)"
                try FileManager.default.createDirectory(atPath: cut, withIntermediateDirectories: true)
                try whole.prefix(length).write(to: URL(fileURLWithPath: cut + name))
                let kept = ends.filter { $0 <= length }
                let opened = try Spool(directory: cut)
                let state = await opened.state
                #expect(state.nextSequence == UInt64(kept.count) + 1, "cut at \(length)")
                #expect(state.tornBytes == length - kept[kept.count - 1], "cut at \(length)")
                // What comes next is number 4, 5 or 6, and stays there when the spool is opened once more.
                #expect(try await opened.append(batch(99)) == UInt64(kept.count) + 1)
                try await opened.sync()
                let again = try Spool(directory: cut)
                #expect(await again.state.tornBytes == 0)
                let expected = try (1...kept.count).map { try batch($0) } + [batch(99)]
                #expect(await contents(again).map(\.content) == expected, "cut at \(length)")
            }
        }
    }

    @Test func aBatchOnlyLeavesWhenItIsDurable() async throws {
        try await inFolder { folder in
            let spool = try Spool(directory: folder)
            try await spool.append(batch(1))
            #expect(await spool.batch(after: 0) == nil)
            try await spool.sync()
            #expect(try await spool.batch(after: 0) == SpooledBatch(sequence: 1, content: batch(1)))
        }
    }

    @Test func numbersGoOnAfterARestartAlsoWhenEverythingWasAcknowledged() async throws {
        try await inFolder { folder in
            var settings = SpoolSettings()
            settings.segmentBytes = 1
            let spool = try Spool(directory: folder, settings: settings)
            for number in 1...4 { try await spool.append(batch(number)) }
            try await spool.sync()
            await spool.acknowledge(through: 4)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["00000000000000000004.seg"])
            let opened = try Spool(directory: folder, settings: settings)
            #expect(try await opened.append(batch(5)) == 5)
        }
    }

    @Test func aFullSpoolSaysSoKeepsWhatItHasAndGoesOnWhenTheMasterHasTakenIt() async throws {
        try await inFolder { folder in
            var settings = SpoolSettings()
            settings.limitBytes = SpoolEntry.bytes(1, try batch(1)).count * 5 / 2
            let spool = try Spool(directory: folder, settings: settings)
            for number in 1...2 { try await spool.append(batch(number)) }
            let full = SpoolError.full(path: folder)
            await #expect(throws: full) { try await spool.append(batch(3)) }
            #expect("\(full)" == "the spool \(folder) is full: make room on its disk, or let the master catch up")
            #expect(await spool.state.refusedBatches == 1)
            try await spool.sync()
            #expect(try await contents(spool).map(\.content) == [batch(1), batch(2)])
            // Half of it does not make room, all of it does, although no segment had its whole length.
            await spool.acknowledge(through: 1)
            await #expect(throws: full) { try await spool.append(batch(3)) }
            await spool.acknowledge(through: 2)
            #expect(try await spool.append(batch(3)) == 3)
            try await spool.sync()
            #expect(try await spool.batch(after: 2)?.content == batch(3))
        }
    }

    @Test func aSpoolThatLostItsDirectoryGoesOnBehindTheMaster() async throws {
        try await inFolder { folder in
            let spool = try Spool(directory: folder)
            try await spool.goOn(after: 41)
            #expect(try await spool.append(batch(1)) == 42)
        }
    }

    @Test func numbersThatOnlyTheMasterHasAreNotGivenOutTwice() async throws {
        try await inFolder { folder in
            let spool = try Spool(directory: folder)
            try await spool.append(batch(1))
            await #expect {
                try await spool.goOn(after: 2)
            } throws: { error in
                "\(error)".contains("the master has 2 batches of this sensor and the spool only knows of 1")
            }
        }
    }

    @Test func aBatchThatTheDiskDamagedIsCountedAndTheOthersAreGiven() async throws {
        try await inFolder { folder in
            let spool = try Spool(directory: folder)
            var ends: [Int] = []
            for number in 1...3 {
                try await spool.append(batch(number))
                ends.append(await spool.state.byteCount)
            }
            try await spool.sync()
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/00000000000000000001.seg"))
            try file.seek(toOffset: UInt64(ends[2] - 1))
            try file.write(contentsOf: [0xFF])
            try file.close()
            let given = await contents(spool)
            #expect(given.map(\.sequence) == [1, 2, 3])
            #expect(given.map(\.content.recordCount) == [1, 1, 0])
            #expect(await spool.state.damagedBatches == 1)
        }
    }

    /// A spool of five batches, of which the byte at `place` in that of number `number` was changed.
    private func damagedSpool(_ folder: String, _ number: Int, place: Int) async throws {
        let spool = try Spool(directory: folder)
        var starts = [0]
        for number in 1...5 {
            try await spool.append(batch(number))
            starts.append(await spool.state.byteCount)
        }
        try await spool.sync()
        let url = URL(fileURLWithPath: folder + "/00000000000000000001.seg")
        var bytes = try Data(contentsOf: url)
        bytes[starts[number - 1] + place] ^= 0x10
        try bytes.write(to: url)
    }

    /// Wherever the spot is: in the length, the checksum, the number or the content.
    @Test(arguments: [0, 1, 3, 4, 8, 15, 20, 47, 50])
    func aDamagedSpotTakesOneBatchWithItAlsoWhenTheSpoolIsOpenedAnew(_ place: Int) async throws {
        for number in 1...4 {
            try await inFolder { folder in
                try await damagedSpool(folder, number, place: place)
                let spool = try Spool(directory: folder)
                #expect(await spool.state.nextSequence == 6)
                #expect(await spool.state.tornBytes == 0)
                let given = await contents(spool)
                #expect(given.map(\.sequence) == [1, 2, 3, 4, 5])
                let whole = try (1...5).filter { $0 != number }.map { try batch($0) }
                #expect(given.filter { $0.content.recordCount > 0 }.map(\.content) == whole)
                #expect(await spool.state.damagedBatches == 1)
                // The master had the first three: the spool is the one that it knows.
                try await spool.goOn(after: 3)
                #expect(try await spool.append(batch(6)) == 6)
            }
        }
    }

    @Test func aLastBatchThatWasDamagedAfterItWasSentEndsNothing() async throws {
        try await inFolder { folder in
            try await damagedSpool(folder, 5, place: 50)
            let spool = try Spool(directory: folder)
            #expect(await spool.state.nextSequence == 5)
            #expect(await spool.state.tornBytes > 0)
            try await spool.goOn(after: 5)
            #expect(try await spool.append(batch(6)) == 6)
            try await spool.sync()
            #expect(try await spool.batch(after: 5)?.content == batch(6))
        }
    }

    @Test(arguments: [UInt64.max, UInt64.max - 1, 1 << 62]) func aNumberThatNobodyReachesIsRefused(sequence: UInt64)
        async throws
    {
        try await inFolder { folder in
            let spool = try Spool(directory: folder)
            await #expect(throws: SpoolError.self) { try await spool.goOn(after: sequence) }
            #expect(try await spool.append(batch(1)) == 1)
        }
    }
}
