import Glibc

/// Memory for tables that packets reach into everywhere.
///
/// Large pieces are asked for in huge pages, madvise(2): in a table of small ones, finding where a page lies takes as
/// long as reading from it. Like all memory, it is taken from the machine only where it is touched.
enum PageMemory {
    private static let hugePage = 2 << 20
    private static let cacheLine = 64

    /// Memory that begins with a huge page, or with a line of the processor's cache where less is asked for. It is
    /// given back as any other.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= hugePage else { return .allocate(byteCount: byteCount, alignment: cacheLine) }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: hugePage)
        // Refused where the kernel has no huge pages: small ones do as well.
        madvise(memory, byteCount, Int32(MADV_HUGEPAGE))
        return memory
    }
}
