import Glibc

/// What this program uses of the machine.
struct ProcessUsage {
    /// CPU time of all threads, in seconds.
    let cpuSeconds: Double
    /// Resident memory, in bytes.
    let memoryBytes: UInt64

    init() {
        // clock(3): POSIX fixes CLOCKS_PER_SEC to a million.
        cpuSeconds = Double(clock()) / 1e6
        memoryBytes = Self.residentPages() * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
    }

    /// The second number of /proc/self/statm (proc(5)); 0 where there is none.
    private static func residentPages() -> UInt64 {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return 0 }
        let numbers = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ")
        return numbers.count > 1 ? UInt64(numbers[1]) ?? 0 : 0
    }
}
