/// How records are written to files.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, as Zeek's JSON logs.
    case zeekJSON = "zeek-json"
    /// Tab-separated columns with Zeek's header lines.
    case zeekTSV = "zeek-tsv"
    /// Encoded batches, as a sensor sends them.
    case batch
}
