internal import Shared

/// What the bytes of a file pass through while it goes by: digests, histogram, and its first bytes for the type.
///
/// A class that a worker uses again and again (``RecordSink``): making one for each file costs as much as a small file.
final class FileWork {
    /// Bytes kept to tell the type from: as many as Zeek keeps by default.
    static let prefixLimit = 4096
    /// What one takes in memory: the prefix, contexts of digests, counts of bytes.
    static let usualBytes = 6144

    let algorithms: FileDigestAlgorithms
    let digest: FileDigest
    var histogram = ByteHistogram()
    /// For what is packed in the file.
    let allowance: UnfoldingAllowance
    private(set) var prefix: [UInt8] = []

    init(_ algorithms: FileDigestAlgorithms, _ allowance: UnfoldingAllowance) {
        self.algorithms = algorithms
        self.allowance = allowance
        digest = FileDigest(algorithms)
    }

    /// Makes it as new.
    func reset() {
        digest.reset()
        histogram.reset()
        prefix.removeAll(keepingCapacity: true)
    }

    /// Keeps of `bytes` what there is room for.
    func keep(_ bytes: RawSpan) {
        if prefix.capacity == 0 { prefix.reserveCapacity(Swift.min(bytes.byteCount * 2, Self.prefixLimit)) }
        bytes.extracting(first: Self.prefixLimit - prefix.count).withUnsafeBytes { prefix.append(contentsOf: $0) }
    }
}
