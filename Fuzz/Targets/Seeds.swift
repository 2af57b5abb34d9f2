import Glibc

/// Writes the first inputs of every target, made from the fixtures.
enum Seeds {
    /// Seeds of one target; more make each start slow and teach nothing.
    private static let limit = 400

    static func write(of fixtures: [Fixture], to folder: String) {
        mkdir(folder, 0o755)
        for target in FuzzTargets.all {
            let place = "\(folder)/\(target.name)"
            mkdir(place, 0o755)
            var count = 0
            for fixture in fixtures where count < limit {
                for seed in target.seeds(of: fixture).prefix(limit - count) where !seed.isEmpty {
                    store(seed, at: "\(place)/seed-\(count)")
                    count += 1
                }
            }
            print("\(target.name): \(count) seeds")
        }
    }

    private static func store(_ bytes: [UInt8], at path: String) {
        guard let file = fopen(path, "wb") else {
            print("\(path) cannot be written: \(String(cString: strerror(errno)))")
            exit(1)
        }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
