/// Bounds that a batch must keep, so that a hostile one costs the master little.
public enum BatchLimits {
    /// Decompressed bytes: 65,536 records of 256 bytes, far above the 34 that are usual.
    public static let contentBytes = 16 << 20
    /// Compressed bytes.
    public static let payloadBytes = 8 << 20
    /// Records of all kinds together.
    public static let records = 65_536
    /// Texts of the dictionary.
    public static let strings = 1 << 20
    /// Tables of one batch; there are about thirty kinds.
    public static let tables = 256
    /// Columns of one table; the widest kind has about fifty.
    public static let columns = 512
    /// One message between sensor and master, its length field not included.
    public static let frameBytes = payloadBytes + 65_536
}
