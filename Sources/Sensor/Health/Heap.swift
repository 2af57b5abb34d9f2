internal import CMalloc

/// How the process deals with the memory that it frees.
public enum Heap {
    /// Keeps what is freed instead of giving it back to the system: batches come and go many times a second, and each
    /// would else be paid for in page faults anew. Costs at most as much as the largest use was.
    public static func keepsFreedMemory() {
        _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, 64 << 20)
        _ = mallopt(M_TOP_PAD, 1 << 20)
    }
}
