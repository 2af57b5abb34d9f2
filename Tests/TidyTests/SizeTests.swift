import Testing

/// The limits of file, function and line sizes that keep every file readable in one sitting.
@Suite struct SizeTests {
    static let sources = SourceTree.swiftFiles("Sources").filter { !$0.isGenerated && !$0.isConstantTable }
    static let tests = SourceTree.swiftFiles("Tests").filter { !$0.isGenerated && !$0.isConstantTable }

    @Test func noSourceFileIsOver500Lines() {
        #expect(!Self.sources.isEmpty)
        let long = Self.sources.filter { $0.lines.count > 501 }.map { "\($0.path): \($0.lines.count - 1)" }
        #expect(long == [])
    }

    @Test func noTestFileIsOver600Lines() {
        #expect(Self.tests.filter { $0.lines.count > 601 }.map(\.path) == [])
    }

    @Test func nineSourceFilesInTenAreUnder350Lines() {
        let long = Self.sources.filter { $0.lines.count > 351 }
        #expect(long.count * 10 <= Self.sources.count, "\(long.map(\.path))")
    }

    @Test func noLinePasses120Columns() {
        let wide = (Self.sources + Self.tests).flatMap { file in
            file.lines.enumerated().filter { $0.element.count > 120 }.map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(wide == [])
    }

    @Test func noFunctionIsOver70LinesAndNineInTenAreUnder30() {
        let functions = Self.sources.flatMap { file in Function.all(in: file) }
        #expect(functions.count > 20)
        #expect(functions.filter { $0.lineCount > 70 }.map(\.description) == [])
        let long = functions.filter { $0.lineCount > 30 }
        #expect(long.count * 10 <= functions.count, "\(long.count) of \(functions.count) functions are over 30 lines")
    }
}

/// A function's extent, found by the indentation that `swift format` guarantees.
struct Function: CustomStringConvertible {
    let path: String
    let line: Int
    let lineCount: Int

    var description: String { "\(path):\(line): \(lineCount) lines" }

    static func all(in file: SourceTree.File) -> [Function] {
        var found: [Function] = []
        for (index, line) in file.lines.enumerated() {
            let body = line.drop { $0 == " " }
            let words = body.split(separator: " ", maxSplits: 6).prefix(6).map {
                $0.prefix { $0 != "(" && $0 != "<" && $0 != "?" }
            }
            guard !body.hasPrefix("//"), words.contains("func") || words.contains("init") else { continue }
            let indent = line.count - body.count
            let closing = String(repeating: " ", count: indent) + "}"
            guard !line.hasSuffix("}"),
                let end = file.lines[(index + 1)...].firstIndex(where: { $0 == closing })
            else { continue }
            // A declaration without a body (a protocol's) ends before anything is indented deeper than it.
            let isBodyless = file.lines[(index + 1)..<end].contains { next in
                let text = next.drop { $0 == " " }
                return !text.isEmpty && next.count - text.count <= indent && !text.hasPrefix(")")
                    && !text.hasPrefix("where")
            }
            if !isBodyless { found.append(Function(path: file.path, line: index + 1, lineCount: end - index - 1)) }
        }
        return found
    }
}
