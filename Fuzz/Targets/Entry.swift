import Glibc

/// What this process is for: `MENEKI_FUZZ` names a target; `list`, `seeds`, `cuts`, `flips` and `twists` do their
/// work and end.
private let target: any FuzzTarget = {
    let name = environment("MENEKI_FUZZ") ?? ""
    guard let target = FuzzTargets.named(name) else {
        print("There is no fuzz target '\(name)': set MENEKI_FUZZ to one of")
        for target in FuzzTargets.all { print("  \(target.name)") }
        exit(2)
    }
    return target
}()

func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>>
) -> Int32 {
    let fixtures = environment("MENEKI_FIXTURES") ?? "Tests/Fixtures"
    switch environment("MENEKI_FUZZ") {
    case "list": for target in FuzzTargets.all { print(target.name) }
    case "seeds": Seeds.write(of: Fixture.all(in: fixtures), to: environment("MENEKI_CORPUS") ?? "Fuzz/.build/corpus")
    case "cuts":
        HostileCaptures.cutEverywhere(Fixture.all(in: fixtures), packets: number("MENEKI_CUT_PACKETS") ?? 200)
    case "flips":
        HostileCaptures.flipBits(Fixture.all(in: fixtures), packets: UInt64(number("MENEKI_PACKETS") ?? 1_000_000))
    case "twists":
        TwistedConversations.run(Fixture.all(in: fixtures), count: number("MENEKI_TWISTS") ?? 1_000_000)
    default:
        _ = target
        return 0
    }
    // Not exit(): what this function still holds would count as a leak, and the text in stdout's buffer would be lost.
    fflush(nil)
    _exit(0)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    target.run(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}
