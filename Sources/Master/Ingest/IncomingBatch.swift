public import Protocol

/// A batch that was checked and waits to be stored.
public struct IncomingBatch: Sendable, Equatable {
    /// From the sensor's certificate.
    public let sensor: SensorIdentity
    /// Counts from 1 without gaps for each sensor.
    public let sequence: UInt64
    /// As it came, compressed; it has been decoded once, so that readers of the log may rely on it.
    public let content: EncodedBatch

    public init(sensor: SensorIdentity, sequence: UInt64, content: EncodedBatch) {
        (self.sensor, self.sequence, self.content) = (sensor, sequence, content)
    }
}
