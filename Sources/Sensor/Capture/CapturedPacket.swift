public import Shared

/// One packet as it was captured. Its bytes belong to the reader and are valid until the next one is asked for.
public struct CapturedPacket {
    public var time: Timestamp
    public var linkType: LinkType
    /// What was captured of it.
    public var bytes: UnsafeRawBufferPointer
    /// Length on the wire, at least `bytes.count`.
    public var wireLength: Int

    public init(time: Timestamp, linkType: LinkType, bytes: UnsafeRawBufferPointer, wireLength: Int) {
        (self.time, self.linkType, self.bytes, self.wireLength) = (time, linkType, bytes, wireLength)
    }
}
