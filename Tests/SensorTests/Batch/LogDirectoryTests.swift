import Foundation
import Sensor
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
}
